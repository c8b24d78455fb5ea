//! (e): how long until a message is durable, against what the disk takes for one sync.

use std::time::Duration;

use crate::disk::{Place, syncs};
use crate::frames::Tongue;
use crate::load::{Load, Pace};
use crate::report::{Line, Reach, Report};
use crate::rows::{Bench, rooms};
use crate::samples::Samples;

impl Bench<'_> {
    /// (e).
    pub async fn acknowledge(&mut self, report: &mut Report) -> Result<(), String> {
        let per_second = self.plan.ack_per_second;
        let (window, warm_up) = (self.plan.window, self.plan.warm_up);
        let (count, in_flight) = (self.plan.pairs, self.plan.in_flight);
        let folder = self.plan.data();
        let runs = self.plan.runs;
        let (server, seeded) = self.pairs()?;
        let mut conversations = seeded.conversations();
        conversations.truncate(per_second as usize);
        let few = rooms(server, &conversations);
        let probe = |place| {
            let folder = folder.clone();
            let probed = move || syncs(&folder, place, per_second, window / 2);
            async move {
                let probed = tokio::task::spawn_blocking(probed).await;
                probed.map_err(|e| e.to_string())?.map_err(|e| e.to_string())
            }
        };
        let (mut appended, mut overwritten) = (Samples::default(), Samples::default());
        let mut acknowledged = Samples::default();
        for _ in 0..runs {
            appended.join(probe(Place::Append).await?);
            overwritten.join(probe(Place::Overwrite).await?);
            let pace = Pace::Steady { per_second };
            let tongue = Tongue::Quietroom;
            let load = Load { server, tongue, rooms: &few, pace, warm_up, window };
            acknowledged.join(load.run().await?.acknowledged);
        }
        for (name, samples) in [("behind the end", &appended), ("in place", &overwritten)] {
            for (share, percentile) in [(0.5, "p50"), (0.99, "p99")] {
                let what =
                    format!("one fdatasync of 4 KiB {name}, {per_second}/s: {percentile}, ms");
                report.figure("e", what, samples.percentile_ms(share));
            }
        }
        for (share, percentile, factor, more) in [(0.5, "p50", 2.0, 1.0), (0.99, "p99", 4.0, 5.0)] {
            let sync = appended.percentile_ms(share);
            let mut reach = Reach::at_most(factor * sync + more);
            reach.text = format!("{} ({factor} × sync + {more})", reach.text);
            report.add(Line {
                row: "e",
                what: format!("durable ack at {per_second}/s: {percentile}, ms"),
                value: acknowledged.percentile_ms(share),
                yardstick: None,
                reach: Some(reach),
            });
        }
        self.acknowledge_saturated(report, count, in_flight, warm_up, window).await
    }

    /// As in (a), which may have measured it already.
    async fn acknowledge_saturated(
        &mut self,
        report: &mut Report,
        count: usize,
        in_flight: usize,
        warm_up: Duration,
        window: Duration,
    ) -> Result<(), String> {
        let known = ["p50", "p99"].map(|percentile| {
            report.value("a", &format!("saturated: durable ack {percentile}, ms"))
        });
        let values = if let [Some(half), Some(most)] = known {
            [half, most]
        } else {
            let (server, seeded) = self.pairs()?;
            let mut conversations = seeded.conversations();
            conversations.truncate(count);
            let rooms = rooms(server, &conversations);
            let (pace, tongue) = (Pace::Closed { in_flight }, Tongue::Quietroom);
            let load = Load { server, tongue, rooms: &rooms, pace, warm_up, window };
            let acknowledged = load.run().await?.acknowledged;
            [0.5, 0.99].map(|share| acknowledged.percentile_ms(share))
        };
        for (percentile, value) in ["p50", "p99"].into_iter().zip(values) {
            report.figure("e", format!("durable ack saturated: {percentile}, ms"), value);
        }
        Ok(())
    }
}

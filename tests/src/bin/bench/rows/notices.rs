//! (n): what telling people who are not there takes from those who are.

use std::time::{Duration, Instant};

use crate::frames::Tongue;
use crate::load::{Load, Measured, Pace};
use crate::report::{Line, Reach, Report};
use crate::rows::search::metric;
use crate::rows::{Bench, rooms};
use crate::samples::median;
use crate::seed::Wanted;

/// Groups, each of a host, somebody who listens, and those who are not there.
const GROUPS: usize = 42;
/// Who is not there, of each.
const AWAY: usize = 24;
/// Everyone who is told: nobody reads, and who listens counts as away too where nobody counts as
/// active.
const TOLD: usize = GROUPS * (AWAY + 1);
/// Messages a second, over all groups.
const PER_SECOND: u32 = 10_000;
/// Where messages never cease it is decided ten seconds after the first: what is measured begins a
/// moment before.
const DECIDED_AFTER: Duration = Duration::from_secs(9);
/// It is decided within five seconds from ten on, and all are told ten and a half after.
const WINDOW: Duration = Duration::from_secs(12);
/// How long notices may take once the messages are there.
const TOLD_WITHIN: Duration = Duration::from_secs(30);

impl Bench<'_> {
    /// (n).
    pub async fn tell(&mut self, report: &mut Report) -> Result<(), String> {
        let (mut with, mut without) = (Vec::new(), Vec::new());
        let (mut notices, mut meanwhile) = (Vec::new(), Vec::new());
        for run in 0..self.plan.runs {
            without.push(self.told(run, false, report).await?.0);
            let (measured, told, while_measured) = self.told(run, true, report).await?;
            with.push(measured);
            notices.push(told);
            meanwhile.push(while_measured);
        }
        let p99 = |runs: &[Measured], of: fn(&Measured) -> &crate::samples::Samples| {
            median(runs.iter().map(|run| of(run).percentile_ms(0.99)))
        };
        type Of = fn(&Measured) -> &crate::samples::Samples;
        let figures: [(&str, Of); 2] =
            [("durable ack", |run| &run.acknowledged), ("delivery", |run| &run.delivered)];
        for (what, of) in figures {
            let alone = p99(&without, of);
            report.add(Line {
                row: "n",
                what: format!("{what} p99 at 10,000/s while 1,050 are told, ms"),
                value: p99(&with, of),
                yardstick: Some(alone),
                reach: Some(Reach::times(1.2, alone)),
            });
        }
        let everyone = TOLD as f64;
        let told = median(notices.iter().copied());
        report.add(Line {
            row: "n",
            what: "notices to 1,050 people who do not read".to_owned(),
            value: told,
            yardstick: None,
            reach: Some(Reach::at_least(everyone)),
        });
        if notices.iter().any(|told| *told > everyone) {
            report.note("(n): somebody was told twice".to_owned());
        }
        let meanwhile = median(meanwhile.iter().copied());
        report.figure("n", "of them, while messages were measured", meanwhile);
        let cpu = |runs: &[Measured]| median(runs.iter().map(Measured::cpu_us));
        report.figure("n", "server CPU, µs a delivery, while they are told", cpu(&with));
        report.figure("n", "the same without", cpu(&without));
        Ok(())
    }

    /// One run on data of its own: those who were told once are not told again.
    async fn told(
        &self,
        run: usize,
        notices: bool,
        report: &mut Report,
    ) -> Result<(Measured, f64, f64), String> {
        let data = self.data(&format!("notices-{run}-{notices}"));
        let members = AWAY + 2;
        let wanted = Wanted {
            people: GROUPS * members,
            conversations: GROUPS,
            members,
            entries: 0,
            entries_in_one: 0,
        };
        let seeded = self.seed(&data, wanted)?;
        let variables: &[(&str, &str)] = if notices {
            &[("QUIETROOM_NOTICE_ACTIVE_MS", "0")]
        } else {
            &[("QUIETROOM_NO_NOTICES", "true")]
        };
        let server = self.quietroom_with(&data, variables)?;
        let mut conversations = seeded.conversations();
        for conversation in &mut conversations {
            conversation.cookies.truncate(2);
        }
        let rooms = rooms(&server, &conversations);
        let (tongue, pace) = (Tongue::Quietroom, Pace::Steady { per_second: PER_SECOND });
        let (warm_up, window) = (DECIDED_AFTER, WINDOW);
        let load = Load { server: &server, tongue, rooms: &rooms, pace, warm_up, window };
        let measured = load.run().await?;
        if measured.missing + measured.refused > 0 {
            let (missing, refused) = (measured.missing, measured.refused);
            report.note(format!("(n), notices {notices}: {missing} missing, {refused} refused"));
        }
        let sent = "quietroom_notices_total{channel=\"email\",outcome=\"sent\"}";
        let meanwhile = if notices { metric(&server, sent).await? } else { 0.0 };
        let (mut told, since) = (meanwhile, Instant::now());
        while notices && told < TOLD as f64 && since.elapsed() < TOLD_WITHIN {
            told = metric(&server, sent).await?;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        server.stop()?;
        Ok((measured, told, meanwhile))
    }
}

//! (a) and (b): conversations of two, and groups, under load.

use crate::frames::Tongue;
use crate::load::{Load, Measured, Pace, Room};
use crate::process::Server;
use crate::report::{Line, MESSAGES, Reach, Report};
use crate::rows::search::indexed;
use crate::rows::{Bench, rooms, yardstick_rooms};
use crate::samples::median;
use crate::seed::Wanted;

/// The measure of one server over several runs.
#[derive(Default)]
struct Runs(Vec<Measured>);

impl Runs {
    fn median(&self, figure: impl Fn(&Measured) -> f64) -> f64 {
        median(self.0.iter().map(figure))
    }

    fn acknowledged(&self, share: f64) -> f64 {
        self.median(|run| run.acknowledged.percentile_ms(share))
    }

    fn delivered(&self, share: f64) -> f64 {
        self.median(|run| run.delivered.percentile_ms(share))
    }
}

impl Bench<'_> {
    /// (a).
    pub async fn pairs_under_load(&mut self, report: &mut Report) -> Result<(), String> {
        let (count, in_flight) = (self.plan.pairs, self.plan.in_flight);
        let per_second = self.plan.steady_per_second;
        let (server, seeded) = self.pairs()?;
        let mut conversations = seeded.conversations();
        conversations.truncate(count);
        let ours = (rooms(server, &conversations), yardstick_rooms(&self.yardstick, count, 2));
        let (server, _) = self.pairs.as_ref().ok_or("started above")?;
        let pace = Pace::Closed { in_flight };
        let (quietroom, yardstick) = self.interleaved(server, &ours, pace, report).await?;
        let rate = quietroom.median(Measured::rate);
        report.add(Line {
            row: "a",
            what: MESSAGES.to_owned(),
            value: rate,
            yardstick: Some(yardstick.median(Measured::rate)),
            reach: Some(Reach::at_least(42_000.0)),
        });
        report.add(Line {
            row: "a",
            what: "on the way past JetStream: messages/s".to_owned(),
            value: rate,
            yardstick: None,
            reach: Some(Reach::at_least(95_000.0)),
        });
        cpu(report, "a", ("saturated", 2, 2.5), &quietroom, &yardstick);
        let (half, most) = (quietroom.acknowledged(0.5), quietroom.acknowledged(0.99));
        report.figure("a", "saturated: durable ack p50, ms", half);
        report.figure("a", "saturated: durable ack p99, ms", most);
        latency(report, "saturated", &quietroom, &yardstick);
        let pace = Pace::Steady { per_second };
        let (quietroom, yardstick) = self.interleaved(server, &ours, pace, report).await?;
        report.add(Line {
            row: "a",
            what: "steady: messages/s".to_owned(),
            value: quietroom.median(Measured::rate),
            yardstick: Some(yardstick.median(Measured::rate)),
            reach: Some(Reach::at_least(0.99 * f64::from(per_second))),
        });
        cpu(report, "a", ("steady", 2, 2.0), &quietroom, &yardstick);
        report.figure("a", "steady: durable ack p50, ms", quietroom.acknowledged(0.5));
        report.figure("a", "steady: durable ack p99, ms", quietroom.acknowledged(0.99));
        latency(report, "steady", &quietroom, &yardstick);
        Ok(())
    }

    /// (b).
    pub async fn groups_under_load(&mut self, report: &mut Report) -> Result<(), String> {
        let (count, members) = (self.plan.groups, self.plan.group_members);
        let data = self.data("groups");
        let wanted = Wanted {
            people: count * members,
            conversations: count,
            members,
            entries: count * 4,
            entries_in_one: 0,
        };
        let seeded = self.seed(&data, wanted)?;
        let server = self.quietroom(&data)?;
        let conversations = seeded.conversations();
        let ours =
            (rooms(&server, &conversations), yardstick_rooms(&self.yardstick, count, members));
        let pace = Pace::Closed { in_flight: self.plan.in_flight };
        let (quietroom, yardstick) = self.interleaved(&server, &ours, pace, report).await?;
        let deliveries = |run: &Measured| run.deliveries as f64 / run.elapsed.as_secs_f64();
        report.add(Line {
            row: "b",
            what: "groups: deliveries/s".to_owned(),
            value: quietroom.median(deliveries),
            yardstick: Some(yardstick.median(deliveries)),
            reach: None,
        });
        cpu(report, "b", ("groups", members, 1.5), &quietroom, &yardstick);
        Ok(())
    }

    /// Runs of Quietroom and the yardstick in turn, so that what else the machine does hits both.
    async fn interleaved(
        &self,
        server: &Server,
        (ours, theirs): &(Vec<Room>, Vec<Room>),
        pace: Pace,
        report: &mut Report,
    ) -> Result<(Runs, Runs), String> {
        let (warm_up, window) = (self.plan.warm_up, self.plan.window);
        let (mut quietroom, mut yardstick) = (Runs::default(), Runs::default());
        for _ in 0..self.plan.runs {
            let (server_of_run, rooms, tongue) = (&self.yardstick, theirs, Tongue::Yardstick);
            let load = Load { server: server_of_run, tongue, rooms, pace, warm_up, window };
            yardstick.0.push(load.run().await.map_err(|why| format!("yardstick: {why}"))?);
            let tongue = Tongue::Quietroom;
            let load = Load { server, tongue, rooms: ours, pace, warm_up, window };
            let before = server.cpu();
            let mut measured = load.run().await?;
            // What it puts off while messages come is its work too, and not the yardstick's.
            indexed(server).await?;
            measured.whole_cpu = server.cpu() - before;
            quietroom.0.push(measured);
        }
        for (name, runs) in [("Quietroom", &quietroom), ("yardstick", &yardstick)] {
            let rates: Vec<String> =
                runs.0.iter().map(|run| format!("{:.0}", run.rate())).collect();
            eprintln!(
                "  {name}: {} messages/s; server {:.2} and load {:.2} µs a delivery",
                rates.join(", "),
                runs.median(Measured::cpu_us),
                runs.median(Measured::own_cpu_us)
            );
            let missing: u64 = runs.0.iter().map(|run| run.missing).sum();
            let refused: u64 = runs.0.iter().map(|run| run.refused).sum();
            if missing + refused > 0 {
                report.note(format!("{name}, {pace:?}: {missing} missing, {refused} refused"));
            }
        }
        Ok((quietroom, yardstick))
    }
}

fn cpu(
    report: &mut Report,
    row: &'static str,
    (mode, members, factor): (&str, usize, f64),
    quietroom: &Runs,
    yardstick: &Runs,
) {
    let theirs = yardstick.median(Measured::cpu_us);
    report.add(Line {
        row,
        what: format!("{mode}: server CPU, µs a delivery (s a million)"),
        value: quietroom.median(Measured::cpu_us),
        yardstick: Some(theirs),
        reach: Some(Reach::times(factor, theirs)),
    });
    report.figure(
        row,
        format!("{mode}: the same with signing in, opening, and the index made after"),
        quietroom.median(|run| run.whole_cpu_us(members)),
    );
}

fn latency(report: &mut Report, mode: &str, quietroom: &Runs, yardstick: &Runs) {
    for (share, name) in [(0.5, "p50"), (0.99, "p99")] {
        report.add(Line {
            row: "a",
            what: format!("{mode}: delivery {name}, ms"),
            value: quietroom.delivered(share),
            yardstick: Some(yardstick.delivered(share)),
            reach: None,
        });
    }
}

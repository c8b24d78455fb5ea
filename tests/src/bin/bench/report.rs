//! The table, and the same for programs.

use serde_json::{Value, json};

use crate::plan::Plan;

/// What a figure has to reach.
#[derive(Clone, Debug)]
pub struct Reach {
    /// The bound, in the figure's unit.
    pub bound: f64,
    /// Whether the figure has to be above it; else below.
    pub at_least: bool,
    /// What the bound is, for people.
    pub text: String,
}

impl Reach {
    /// At least `bound`.
    pub fn at_least(bound: f64) -> Self {
        Self { bound, at_least: true, text: format!("≥ {}", figure(bound)) }
    }

    /// At most `bound`.
    pub fn at_most(bound: f64) -> Self {
        Self { bound, at_least: false, text: format!("≤ {}", figure(bound)) }
    }

    /// At most `factor` times what the yardstick takes.
    pub fn times(factor: f64, yardstick: f64) -> Self {
        let bound = factor * yardstick;
        let text = format!("≤ {} ({factor} × yardstick)", figure(bound));
        Self { bound, at_least: false, text }
    }

    fn is_met(&self, value: f64) -> bool {
        if self.at_least { value >= self.bound } else { value <= self.bound }
    }
}

/// A line of the table.
#[derive(Clone, Debug)]
pub struct Line {
    /// Letter of the row.
    pub row: &'static str,
    /// What was measured, with its unit.
    pub what: String,
    /// What came out.
    pub value: f64,
    /// The yardstick's in the same run.
    pub yardstick: Option<f64>,
    /// What it has to reach.
    pub reach: Option<Reach>,
}

/// Everything measured.
#[derive(Debug, Default)]
pub struct Report {
    lines: Vec<Line>,
    notes: Vec<String>,
}

/// Others in (a), measured on a machine like this (2 cores shared with the load, medians of
/// three runs): messages a second, microseconds of processor time a delivery, milliseconds until
/// half of the acknowledgements, and what the acknowledgement is worth.
const OTHERS: [(&str, f64, f64, Option<f64>, &str); 4] = [
    ("bare axum broadcast", 129_000.0, 2.9, None, "nothing stored"),
    ("NATS JetStream", 95_000.0, 7.5, Some(15.0), "stored, not synced"),
    ("mosquitto QoS 1", 42_000.0, 12.0, None, "from memory"),
    ("socket.io, SQLite FULL", 5_200.0, 61.0, Some(301.0), "synced"),
];

impl Report {
    /// Adds a figure without a yardstick or a bound.
    pub fn figure(&mut self, row: &'static str, what: impl Into<String>, value: f64) {
        self.add(Line { row, what: what.into(), value, yardstick: None, reach: None });
    }

    /// Adds a line.
    pub fn add(&mut self, line: Line) {
        eprintln!("  {}: {}", line.what, figure(line.value));
        self.lines.push(line);
    }

    /// Adds something the figures alone do not say.
    pub fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        eprintln!("  {note}");
        self.notes.push(note);
    }

    /// The figure of a line measured before.
    pub fn value(&self, row: &str, what: &str) -> Option<f64> {
        self.lines.iter().find(|line| line.row == row && line.what == what).map(|line| line.value)
    }

    /// For people.
    pub fn table(&self) -> String {
        let head = ["", "what", "Quietroom", "yardstick", "reach", "met"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        let mut lines: Vec<&Line> = self.lines.iter().collect();
        lines.sort_by_key(|line| line.row);
        for line in lines {
            let yardstick = line.yardstick.map(figure).unwrap_or_default();
            let reach = line.reach.as_ref().map(|reach| reach.text.clone()).unwrap_or_default();
            let met = line.reach.as_ref().map(|reach| verdict(reach, line.value));
            let row = format!("({})", line.row);
            let value = figure(line.value);
            rows.push(vec![
                row,
                line.what.clone(),
                value,
                yardstick,
                reach,
                met.unwrap_or_default(),
            ]);
        }
        let mut table = markdown(&rows);
        if let Some(ours) = self.value("a", MESSAGES) {
            table.push_str(&self.others(ours));
        }
        for note in &self.notes {
            table.push_str(&format!("\n- {note}"));
        }
        table.push('\n');
        table
    }

    fn others(&self, ours: f64) -> String {
        let head = ["others in (a)", "messages/s", "µs a delivery", "ack p50, ms", "worth", "ours"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        for (name, rate, cpu, ack, worth) in OTHERS {
            let ack = ack.map(figure).unwrap_or_default();
            let times = format!("{:.2} ×", ours / rate);
            rows.push(vec![name.into(), figure(rate), figure(cpu), ack, worth.into(), times]);
        }
        format!("\n{}", markdown(&rows))
    }

    /// For programs.
    pub fn json(&self, plan: &Plan) -> String {
        let line = |line: &Line| {
            json!({
                "row": line.row,
                "what": line.what,
                "value": line.value,
                "yardstick": line.yardstick,
                "reach": line.reach.as_ref().map(|reach| json!({
                    "bound": reach.bound,
                    "at_least": reach.at_least,
                    "met": reach.is_met(line.value),
                })),
            })
        };
        let other = |(name, rate, cpu, ack, worth): (&str, f64, f64, Option<f64>, &str)| {
            json!({
                "name": name,
                "messages_per_second": rate,
                "cpu_us_per_delivery": cpu,
                "ack_p50_ms": ack,
                "acknowledged_is": worth,
            })
        };
        let value: Value = json!({
            "quick": plan.quick,
            "runs": plan.runs,
            "window_s": plan.window.as_secs_f64(),
            "lines": self.lines.iter().map(line).collect::<Vec<_>>(),
            "others": OTHERS.into_iter().map(other).collect::<Vec<_>>(),
            "notes": self.notes,
        });
        format!("{value:#}\n")
    }
}

/// The line others are compared with.
pub const MESSAGES: &str = "saturated: messages/s";

fn verdict(reach: &Reach, value: f64) -> String {
    if reach.is_met(value) {
        return "met".to_owned();
    }
    format!("short: {:.2} × the bound", value / reach.bound)
}

/// Digits as many as say something, thousands apart.
fn figure(value: f64) -> String {
    if !value.is_finite() {
        return "none".to_owned();
    }
    if value.abs() < 100.0 {
        let digits = if value.abs() < 10.0 { 2 } else { 1 };
        return format!("{value:.digits$}");
    }
    let whole = format!("{:.0}", value.abs());
    let mut apart = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            apart.push(',');
        }
        apart.push(digit);
    }
    if value < 0.0 { format!("-{apart}") } else { apart }
}

/// Rows of equal length as a Markdown table whose columns line up.
fn markdown(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width =
        |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        for (cell, width) in row.iter().zip(&widths) {
            text.push_str(&format!("| {cell:width$} "));
        }
        text.push_str("|\n");
        if number == 0 {
            widths.iter().for_each(|width| text.push_str(&format!("|{:-<1$}", "", width + 2)));
            text.push_str("|\n");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_as_many_digits_as_say_something() {
        let all = [0.125, 12.34, 1_234.5, 1_234_567.0].map(figure);
        assert_eq!(all, ["0.12", "12.3", "1,234", "1,234,567"]);
    }

    #[test]
    fn a_bound_is_met_from_its_own_side() {
        assert_eq!(verdict(&Reach::at_least(10.0), 5.0), "short: 0.50 × the bound");
        assert_eq!(verdict(&Reach::at_most(10.0), 5.0), "met");
        assert_eq!(verdict(&Reach::times(2.0, 3.0), 7.5), "short: 1.25 × the bound");
    }
}

//! Times as a record shows them: in a time zone that it names.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use shared_proto::practice;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::time::Millis;

/// A time zone, by its IANA name.
#[derive(Clone, Debug)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

impl Zone {
    /// The zone of that name.
    ///
    /// # Errors
    /// `Invalid { field: TimeZone }` when it is no name of a zone, or there is none of it.
    pub fn named(name: &str) -> Result<Self, Refusal> {
        let name = practice::time_zone(name)?;
        let unknown = Refusal::invalid(Field::TimeZone, Rule::Unknown);
        let zone = TimeZone::get(&name).map_err(|_| unknown)?;
        Ok(Self { name, zone })
    }

    /// UTC.
    #[must_use]
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), zone: TimeZone::UTC }
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// For programs (ISO 8601): `2026-03-01T10:30:00.125+01:00`.
    #[must_use]
    pub fn exact(&self, at: Millis) -> String {
        self.shown(at, "%Y-%m-%dT%H:%M:%S%.3f%:z")
    }

    /// For people: `1 March 2026, 10:30`.
    #[must_use]
    pub fn words(&self, at: Millis) -> String {
        self.shown(at, "%-d %B %Y, %H:%M")
    }

    /// For the name of a file: `2026-03-01`.
    #[must_use]
    pub fn day(&self, at: Millis) -> String {
        self.shown(at, "%Y-%m-%d")
    }

    fn shown(&self, at: Millis, form: &'static str) -> String {
        let at = i64::try_from(at.0).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
        // No clock comes this far: the year 9999.
        let at = at.unwrap_or(Timestamp::MAX);
        at.to_zoned_datetime(self.zone.clone()).strftime(form).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shown_in_its_zone_with_its_offset_on_that_day() {
        let zurich = Zone::named("Europe/Zurich").unwrap();
        let (winter, summer) = (Millis(1_772_357_400_125), Millis(1_783_859_400_000));
        assert_eq!(zurich.exact(winter), "2026-03-01T10:30:00.125+01:00");
        assert_eq!(zurich.exact(summer), "2026-07-12T14:30:00.000+02:00");
        assert_eq!(zurich.words(winter), "1 March 2026, 10:30");
        assert_eq!(zurich.day(winter), "2026-03-01");
        assert_eq!(Zone::utc().exact(winter), "2026-03-01T09:30:00.125+00:00");
        let samoa = Zone::named("Pacific/Apia").unwrap();
        assert_eq!(samoa.exact(winter), "2026-03-01T22:30:00.125+13:00");
        assert!(Zone::utc().exact(Millis(u64::MAX)).starts_with("9999-12-30"));
    }

    #[test]
    fn what_is_no_zone_is_refused_by_name() {
        for (name, rule) in [("Mars/Olympus", Rule::Unknown), ("../etc/passwd", Rule::Malformed)] {
            assert_eq!(Zone::named(name).err(), Some(Refusal::invalid(Field::TimeZone, rule)));
        }
    }
}

use super::*;
use crate::conversation::event::{Message, redact};
use crate::entry::Audience;
use crate::id::{ClientMessageId, EntryId};
use proptest::prelude::*;

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

/// A place whose clocks are moved: hours from UTC, each from a moment on.
#[derive(Clone, Debug)]
struct Place(&'static [(u64, i64)]);

/// 1970-01-05, a Monday, and the days of the two weeks after it, begin here in UTC.
const fn utc(day: u64, hour: u64, minute: u64) -> Millis {
    Millis((4 + day) * 24 * HOUR + hour * HOUR + minute * MINUTE)
}

const UTC: Place = Place(&[(0, 0)]);
/// On Sunday the 11th at 01:00 UTC clocks leap from 02:00 to 03:00.
const LEAPS: Place = Place(&[(0, 1), (utc(6, 1, 0).0, 2)]);
/// On Sunday the 11th at 01:00 UTC clocks go back from 03:00 to 02:00.
const FALLS: Place = Place(&[(0, 2), (utc(6, 1, 0).0, 1)]);

fn date(days: u64) -> Date {
    let mut date = Date::new(1970, 1, 1).unwrap();
    for _ in 0..days {
        date = date.next().unwrap();
    }
    date
}

impl Place {
    fn offset(&self, at: u64) -> i64 {
        self.0.iter().rev().find(|(from, _)| *from <= at).map_or(0, |(_, hours)| *hours)
    }
}

impl Zone for Place {
    fn local(&self, at: Millis) -> Local {
        let shown = at.0.saturating_add_signed(self.offset(at.0) * HOUR as i64);
        let minute = (shown % (24 * HOUR) / MINUTE) as u16;
        Local { date: date(shown / (24 * HOUR)), minute }
    }

    fn moment(&self, local: Local) -> Millis {
        let mut days = 0;
        while date(days) < local.date {
            days += 1;
        }
        let shown = days * 24 * HOUR + u64::from(local.minute) * MINUTE;
        let before = |hours: i64| shown.saturating_add_signed(-hours * HOUR as i64);
        let shows = |(_, hours): &&(u64, i64)| self.offset(before(*hours)) == *hours;
        let first = self.0.iter().find(shows).or(self.0.first());
        Millis(first.map_or(shown, |(_, hours)| before(*hours)))
    }
}

fn span(from: u16, until: u16) -> Span {
    Span { from: from * 60, until: until * 60 }
}

/// Monday to Friday from 9 to 12 and from 13 to 17, an answer within so many hours of them.
fn office(within: u16) -> Hours {
    let day = Day(vec![span(9, 12), span(13, 17)]);
    let mut week: [Day; 7] = Default::default();
    week[..5].fill(day);
    Hours { week, answer_within: Some(within * 60) }
}

#[track_caller]
fn check(zone: &Place, hours: &Hours, now: Millis, opens: Millis, by: Millis) {
    let calendar = Calendar { hours, leave: &[], holidays: &[], zone };
    assert_eq!(calendar.opens(now), Some(opens));
    assert_eq!(calendar.is_open(now), opens == now);
    assert_eq!(calendar.answers_by(now), Some(by));
}

#[test]
fn a_promise_counts_hours_that_somebody_works() {
    let check = |now, opens, by| check(&UTC, &office(7), now, opens, by);
    check(utc(0, 9, 0), utc(0, 9, 0), utc(0, 17, 0));
    check(utc(0, 10, 0), utc(0, 10, 0), utc(1, 10, 0));
    check(utc(0, 12, 30), utc(0, 13, 0), utc(1, 12, 0));
    check(utc(0, 6, 0), utc(0, 9, 0), utc(0, 17, 0));
    check(utc(4, 16, 0), utc(4, 16, 0), utc(7, 16, 0));
    check(utc(4, 17, 0), utc(7, 9, 0), utc(7, 17, 0));
    check(utc(5, 3, 0), utc(7, 9, 0), utc(7, 17, 0));
    // To five minutes, and never past the end of a stretch.
    let ragged = Millis(utc(0, 10, 1).0 + 17);
    check(ragged, ragged, utc(1, 10, 5));
    let ragged = Millis(utc(0, 9, 0).0 + 1);
    check(ragged, ragged, utc(1, 9, 5));
}

#[test]
fn clocks_that_leap_or_go_back_change_no_promise() {
    let mut hours = Hours { answer_within: Some(3 * 60), ..Hours::default() };
    hours.week[6] = Day(vec![span(1, 5)]);
    // From 01:00 to 05:00 there are three hours, or five.
    check(&LEAPS, &hours, utc(6, 0, 0), utc(6, 0, 0), utc(6, 3, 0));
    check(&LEAPS, &hours, utc(6, 0, 30), utc(6, 0, 30), utc(12, 23, 30));
    check(&FALLS, &hours, utc(5, 23, 0), utc(5, 23, 0), utc(6, 2, 0));
    check(&FALLS, &hours, utc(6, 1, 0), utc(6, 1, 0), utc(6, 4, 0));
    // A stretch that begins within the leap begins after it.
    hours.week[6] = Day(vec![Span { from: 150, until: 300 }]);
    check(&LEAPS, &hours, utc(6, 0, 0), utc(6, 1, 30), utc(13, 2, 0));
}

#[test]
fn leave_and_holidays_are_left_out_to_their_last_day() {
    let hours = office(7);
    let leave = [Leave { from: date(4), until: date(5) }, Leave { from: date(7), until: date(14) }];
    let holidays = [date(6)];
    let calendar = Calendar { hours: &hours, leave: &leave, holidays: &holidays, zone: &UTC };
    assert_eq!(calendar.opens(utc(0, 10, 0)), Some(utc(11, 9, 0)));
    assert_eq!(calendar.answers_by(utc(0, 10, 0)), Some(utc(11, 17, 0)));
    let forever = [Leave { from: date(0), until: Date::new(9_999, 12, 31).unwrap() }];
    let calendar = Calendar { leave: &forever, ..calendar };
    assert_eq!((calendar.opens(utc(0, 10, 0)), calendar.answers_by(utc(0, 10, 0))), (None, None));
}

#[test]
fn who_promises_nothing_has_hours_all_the_same() {
    let hours = Hours { answer_within: None, ..office(1) };
    let calendar = Calendar { hours: &hours, leave: &[], holidays: &[], zone: &UTC };
    assert!(calendar.is_open(utc(0, 9, 0)) && !calendar.is_open(utc(0, 12, 0)));
    assert_eq!(calendar.answers_by(utc(0, 9, 0)), None);
    let none = Hours { answer_within: Some(60), ..Hours::default() };
    let calendar = Calendar { hours: &none, ..calendar };
    assert_eq!((calendar.opens(utc(0, 9, 0)), calendar.answers_by(utc(0, 9, 0))), (None, None));
}

#[test]
fn hours_are_put_in_order_and_bounded() {
    let with = |spans: Vec<Span>| {
        let mut hours = Hours::default();
        hours.week[2] = Day(spans);
        hours.checked().map(|hours| hours.week[2].0.clone())
    };
    assert_eq!(with(vec![span(13, 17), span(9, 12)]), Ok(vec![span(9, 12), span(13, 17)]));
    assert_eq!(with(vec![span(9, 12), span(12, 24)]), Ok(vec![span(9, 24)]));
    let malformed = Err(Refusal::invalid(Field::Hours, Rule::Malformed));
    for spans in [vec![span(9, 9)], vec![span(17, 9)], vec![span(9, 25)]] {
        assert_eq!(with(spans), malformed);
    }
    assert_eq!(with(vec![span(9, 12), span(11, 17)]), malformed);
    let many = Err(Refusal::invalid(Field::Hours, Rule::TooMany { limit: 4 }));
    assert_eq!(with((0..5).map(|n| span(2 * n, 2 * n + 1)).collect()), many);
    for within in [0, 14, 6_721] {
        let hours = Hours { answer_within: Some(within), ..Hours::default() };
        assert!(hours.checked().is_err(), "{within}");
    }
}

#[test]
fn what_somebody_sets_is_trimmed_and_bounded() {
    let refused = |own: Own| match own.checked() {
        Err(Refusal::Invalid { field, rule }) => (field, rule),
        other => panic!("{other:?}"),
    };
    let backwards = Leave { from: date(2), until: date(1) };
    let own = Own { leave: vec![backwards], ..Own::default() };
    assert_eq!(refused(own), (Field::Leave, Rule::Malformed));
    let leave = vec![Leave { from: date(1), until: date(1) }; 21];
    let own = Own { leave: leave.clone(), ..Own::default() };
    assert_eq!(refused(own), (Field::Leave, Rule::TooMany { limit: 20 }));
    let own = Own { away: "x".repeat(301), ..Own::default() };
    assert_eq!(refused(own), (Field::AwayReply, Rule::TooLong { limit: 300 }));
    let own = Own { greeting: "x".repeat(401), ..Own::default() };
    assert_eq!(refused(own), (Field::Greeting, Rule::TooLong { limit: 400 }));
    let own = Own { leave: leave[..2].to_vec(), away: " Away \n".into(), ..Own::default() };
    let kept = own.checked().unwrap();
    assert_eq!((kept.leave.len(), kept.away.as_str()), (1, "Away"));
    let common = Common { holidays: vec![date(2), date(1), date(2)], ..Common::default() };
    assert_eq!(common.checked().unwrap().holidays, [date(1), date(2)]);
    let common = Common { holidays: (0..61).map(date).collect(), ..Common::default() };
    let many = Refusal::invalid(Field::Holidays, Rule::TooMany { limit: 60 });
    assert_eq!(common.checked(), Err(many));
}

#[test]
fn the_largest_of_them_fit_a_record() {
    let mut own = Own {
        hours: Some(office(7)),
        leave: (0..20).map(|n| Leave { from: date(n), until: date(n + 1) }).collect(),
        away: "\u{1f600}".repeat(limits::AWAY_SCALARS),
        greeting: "\u{1f600}".repeat(limits::GREETING_SCALARS),
    };
    let day = Day((0..4).map(|n| span(2 * n + 16, 2 * n + 17)).collect());
    own.hours =
        Some(Hours { week: std::array::from_fn(|_| day.clone()), answer_within: Some(6_720) });
    let own = own.checked().unwrap();
    assert!(crate::codec::encode(&own).len() < limits::RECORD_BYTES - 128);
}

#[test]
fn what_waits_is_what_came_after_the_last_answer() {
    let [dana, jonas] = [1, 2].map(|n| PersonId::from_random([n; 16]));
    let entry = |at, author, said| {
        let message = Message {
            client_message_id: ClientMessageId::from_random([at as u8; 16]),
            text: "x".into(),
        };
        let event = if said { Event::Message(message) } else { Event::Completed };
        let (kind, body) = event.encode();
        let (id, audience) = (EntryId::next(None, at, 0), Audience::Members);
        Entry { id, at: Millis(at), author, audience, kind, body }
    };
    let waits_after =
        |since, entries: &[Entry]| waits_since(since, entries, |person| person == dana);
    let waits = |entries: &[Entry]| match waits_after(None, entries) {
        ControlFlow::Continue(since) | ControlFlow::Break(since) => since,
    };
    assert_eq!(waits(&[]), None);
    assert_eq!(waits(&[entry(1, dana, true)]), None);
    let all = [
        entry(1, jonas, true),
        entry(2, dana, true),
        entry(3, dana, false),
        entry(4, jonas, true),
        entry(5, jonas, true),
        entry(6, dana, false),
    ];
    assert_eq!(waits(&all), Some(Millis(4)));
    assert_eq!(waits(&all[..3]), None);
    // What was withdrawn waits for nothing, and answers nothing.
    let withdrawn = |at, author| redact(entry(at, author, true));
    assert_eq!(waits(&[withdrawn(1, jonas)]), None);
    assert_eq!(waits(&[entry(1, jonas, true), withdrawn(2, dana)]), Some(Millis(1)));
    // What was written before these is looked at as long as nobody has answered.
    let (later, page) = (Some(Millis(7)), ControlFlow::Continue);
    assert_eq!(waits_after(later, &[entry(6, dana, false)]), page(later));
    assert_eq!(waits_after(later, &all[3..]), page(Some(Millis(4))));
    assert_eq!(waits_after(later, &all), ControlFlow::Break(Some(Millis(4))));
    assert_eq!(waits_after(later, &[entry(1, dana, true)]), ControlFlow::Break(later));
}

fn some_hours() -> impl Strategy<Value = Hours> {
    let day = proptest::collection::vec((0..DAY, 1..DAY), 0..3).prop_map(|pairs| {
        let spans =
            pairs.into_iter().map(|(from, length)| Span { from, until: (from + length).min(DAY) });
        Day(spans.collect())
    });
    let week = proptest::array::uniform7(day);
    (week, limits::ANSWER_MINUTES).prop_filter_map("overlapping", |(week, within)| {
        Hours { week, answer_within: Some(within) }.checked().ok()
    })
}

fn some_leave() -> impl Strategy<Value = Vec<Leave>> {
    let one = (4u64..40, 0u64..10);
    proptest::collection::vec(one, 0..4).prop_map(|all| {
        let leave = |(from, length)| Leave { from: date(from), until: date(from + length) };
        all.into_iter().map(leave).collect()
    })
}

proptest! {
    #[test]
    fn a_promise_rises_with_time_and_is_never_within_leave(
        hours in some_hours(),
        leave in some_leave(),
        zone in prop_oneof![Just(UTC), Just(LEAPS), Just(FALLS)],
        now in 0u64..14 * 24 * 60,
        later in 1u64..14 * 24 * 60,
    ) {
        let calendar = Calendar { hours: &hours, leave: &leave, holidays: &[], zone: &zone };
        let now = Millis(utc(0, 0, 0).0 + now * MINUTE);
        let later = Millis(now.0 + later * MINUTE);
        let (by, then) = (calendar.answers_by(now), calendar.answers_by(later));
        let Some(by) = by else { return Ok(()) };
        prop_assert!(by > now && then.is_none_or(|then| by <= then), "{by:?} {then:?}");
        // Just before it somebody works, so that it is no day of leave.
        let before = Millis(by.0 - 1);
        let day = zone.local(before).date;
        let away = leave.iter().any(|leave| (leave.from..=leave.until).contains(&day));
        prop_assert!(calendar.is_open(before) && !away, "{by:?}");
        // It is within the hours exactly when it opens now.
        let opens = calendar.opens(now).unwrap();
        prop_assert!(opens >= now && calendar.is_open(opens));
        prop_assert_eq!(calendar.opens(later).map(|then| opens <= then), Some(true));
    }
}

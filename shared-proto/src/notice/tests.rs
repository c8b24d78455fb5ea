use super::rule::{Address, Burst, Held, Reader, Verdict, Way, Why, concerns, judge, still, ways};
use super::*;
use crate::conversation::event::kind;
use crate::conversation::state::{Member, Span};
use crate::date::Date;
use crate::entry::{Audience, Entry};
use crate::hours::{Local, Zone};
use crate::id::{EntryId, PersonId};

const ANA: PersonId = PersonId::from_bytes([0xaa; 16]);
const BEN: PersonId = PersonId::from_bytes([0xbb; 16]);
const NOW: Millis = Millis(1_000_000_000);

fn id(n: u64) -> EntryId {
    EntryId::next(None, n, 0)
}

fn way(policy: bool, consent: bool, address: Address) -> Way {
    Way { policy, offered: true, consent, stopped: false, address }
}

/// By email only, and nothing stands against it.
fn reader() -> Reader {
    let email = way(true, true, Address::Confirmed);
    let other = Way::default();
    Reader {
        may_enter: true,
        active_at: None,
        patience_ms: limits::NOTICE_ACTIVE_MS,
        quiet_until: None,
        ways: [email, other, other],
    }
}

fn burst() -> Burst {
    Burst { member: true, newest: id(5), read: None, told: None }
}

const EMAIL_ONLY: Verdict = Verdict::Now([Ok(()), Err(Why::Policy), Err(Why::Policy)]);

#[test]
fn what_is_decided_of_a_burst() {
    let read = |read| Burst { read: Some(id(read)), ..burst() };
    let told = |told, read: Option<u64>| Burst { told: Some(told), read: read.map(id), ..burst() };
    let rows = [
        ("something new", burst(), false, EMAIL_ONLY),
        ("read in part", read(4), false, EMAIL_ONLY),
        ("read", read(5), false, Verdict::Nobody(Why::Read)),
        ("read and more", read(6), false, Verdict::Nobody(Why::Read)),
        ("left", Burst { member: false, ..burst() }, false, Verdict::Nobody(Why::NoMember)),
        ("told", told(None, None), false, Verdict::Nobody(Why::Told)),
        ("told, read since", told(None, Some(3)), false, EMAIL_ONLY),
        (
            "told at 3, read no further",
            told(Some(id(3)), Some(3)),
            false,
            Verdict::Nobody(Why::Told),
        ),
        ("told at 3, read to 4", told(Some(id(3)), Some(4)), false, EMAIL_ONLY),
        ("reminded", told(None, None), true, EMAIL_ONLY),
        ("nothing to remind of", told(None, Some(3)), true, Verdict::Nobody(Why::Read)),
        ("nothing left to remind of", told(None, Some(5)), true, Verdict::Nobody(Why::Read)),
    ];
    for (what, burst, reminds, expected) in rows {
        assert_eq!(judge(&reader(), &burst, reminds, NOW), expected, "{what}");
    }
}

#[test]
fn what_is_decided_of_a_person() {
    let active = |ago: u64| Reader { active_at: Some(Millis(NOW.0 - ago)), ..reader() };
    let until = Millis(NOW.0 + 3_600_000);
    let quiet = Reader { quiet_until: Some(until), ..reader() };
    let rows = [
        (
            "without an account",
            Reader { may_enter: false, ..reader() },
            Verdict::Nobody(Why::NoAccount),
        ),
        ("active now", active(0), Verdict::Later(Millis(NOW.0 + 30_000), Held::Active)),
        ("active 29.999 s ago", active(29_999), Verdict::Later(Millis(NOW.0 + 1), Held::Active)),
        ("active 30 s ago", active(30_000), EMAIL_ONLY),
        ("in quiet hours", quiet, Verdict::Later(until, Held::Quiet)),
        (
            "active in quiet hours",
            Reader { active_at: Some(NOW), ..quiet },
            Verdict::Later(Millis(NOW.0 + 30_000), Held::Active),
        ),
        ("quiet hours that are over", Reader { quiet_until: Some(NOW), ..reader() }, EMAIL_ONLY),
        (
            "nobody to hold it for",
            Reader { ways: [Way::default(); 3], ..active(0) },
            Verdict::Now([Err(Why::Policy); 3]),
        ),
    ];
    for (what, reader, expected) in rows {
        assert_eq!(judge(&reader, &burst(), false, NOW), expected, "{what}");
    }
}

/// I11 to I14 and O17: every combination of the three, on every channel.
#[test]
fn a_channel_takes_policy_consent_and_an_address() {
    let addresses = [
        (Address::Missing, Err(Why::NoAddress)),
        (Address::Unfit, Err(Why::Unfit)),
        (Address::Unconfirmed, Err(Why::Unconfirmed)),
        (Address::Confirmed, Ok(())),
    ];
    for channel in Channel::ALL {
        for policy in [false, true] {
            for consent in [false, true] {
                for (address, of_address) in addresses {
                    let mut reader = reader();
                    reader.ways = [Way::default(); 3];
                    reader.ways[channel.place()] = way(policy, consent, address);
                    let expected = match (policy, consent) {
                        (false, _) => Err(Why::Policy),
                        (true, false) => Err(Why::Consent),
                        (true, true) => of_address,
                    };
                    let mut channels = [Err(Why::Policy); 3];
                    channels[channel.place()] = expected;
                    let what = (channel, policy, consent, address);
                    let judged = judge(&reader, &burst(), false, NOW);
                    assert_eq!(judged, Verdict::Now(channels), "{what:?}");
                    let goes = still(&reader, channel, true, None, None);
                    assert_eq!(goes, expected, "{what:?}");
                }
            }
        }
    }
}

#[test]
fn a_channel_without_a_way_out_and_one_that_was_answered_stop_say_so() {
    let right = way(true, true, Address::Confirmed);
    for (of, expected) in [
        (Way { offered: false, ..right }, Err(Why::NoWayOut)),
        (Way { offered: false, consent: false, ..right }, Err(Why::NoWayOut)),
        (Way { policy: false, offered: false, ..right }, Err(Why::Policy)),
        (Way { consent: false, stopped: true, ..right }, Err(Why::Stopped)),
        // Who has agreed again since has answered for themselves.
        (Way { stopped: true, ..right }, Ok(())),
    ] {
        let reader = Reader { ways: [of; 3], ..reader() };
        assert_eq!(ways(&reader), [expected; 3], "{of:?}");
    }
}

#[test]
fn what_waited_to_be_sent_goes_only_while_it_is_wanted() {
    let goes = |member, told: Option<u64>, read: Option<u64>| {
        still(&reader(), Channel::Email, member, told.map(id), read.map(id))
    };
    assert_eq!(goes(true, None, None), Ok(()));
    assert_eq!(goes(true, Some(3), Some(3)), Ok(()));
    assert_eq!(goes(true, Some(3), Some(4)), Err(Why::Read));
    assert_eq!(goes(false, None, None), Err(Why::NoMember));
    let gone = Reader { may_enter: false, ..reader() };
    assert_eq!(still(&gone, Channel::Email, true, None, None), Err(Why::NoAccount));
}

#[test]
fn whom_an_entry_concerns() {
    let entry = |entry_kind, author, audience| Entry {
        id: id(5),
        at: NOW,
        author,
        audience,
        kind: entry_kind,
        body: Vec::new(),
    };
    let ana = Member::since(ANA, id(1));
    let joined = Member::since(ANA, id(5));
    let left = Member { until: Some(id(7)), ..ana.clone() };
    let back =
        Member { from: id(6), before: vec![Span { from: id(1), until: id(3) }], ..ana.clone() };
    let message = |author| entry(kind::MESSAGE, author, Audience::Members);
    let rows = [
        ("a message", message(BEN), &ana, true),
        ("one's own", message(ANA), &ana, false),
        ("before one joined", message(BEN), &back, false),
        ("after one left for good", message(BEN), &left, false),
        ("hidden from one", entry(kind::SHARED, BEN, Audience::Only(vec![BEN])), &ana, false),
        ("for one", entry(kind::SHARED, BEN, Audience::Only(vec![ANA])), &ana, true),
        ("one's own joining", entry(kind::ADDED, BEN, Audience::Members), &joined, true),
        ("another's joining", entry(kind::ADDED, BEN, Audience::Members), &ana, false),
        ("the beginning", entry(kind::BEGUN, BEN, Audience::Members), &joined, true),
        ("another time", entry(kind::RESCHEDULED, BEN, Audience::Members), &ana, true),
        ("called off", entry(kind::CANCELLED, BEN, Audience::Members), &ana, true),
        ("a form", entry(kind::ASSIGNED, BEN, Audience::Only(vec![ANA])), &ana, true),
        ("an announcement", entry(kind::ANNOUNCED, BEN, Audience::Members), &ana, false),
        ("somebody leaving", entry(kind::LEFT, BEN, Audience::Members), &ana, false),
        ("withdrawing", entry(kind::WITHDRAWN, BEN, Audience::Members), &ana, false),
        ("an away reply", entry(kind::AWAY, BEN, Audience::Members), &ana, false),
    ];
    for (what, entry, member, expected) in rows {
        assert_eq!(concerns(&entry, member), expected, "{what}");
    }
}

/// A place an hour east of Greenwich.
struct East;

impl Zone for East {
    fn local(&self, at: Millis) -> Local {
        let minutes = at.0 / 60_000 + 60;
        let days = minutes / 1_440;
        let first = Date::new(1970, 1, 1).unwrap();
        let date = (0..days).fold(first, |date, _| date.next().unwrap());
        Local { date, minute: (minutes % 1_440) as u16 }
    }

    fn moment(&self, local: Local) -> Millis {
        let mut days = 0;
        let mut date = Date::new(1970, 1, 1).unwrap();
        while date < local.date {
            date = date.next().unwrap();
            days += 1;
        }
        Millis((days * 1_440 + u64::from(local.minute) - 60) * 60_000)
    }
}

#[test]
fn quiet_hours_are_of_the_place_and_go_over_midnight() {
    let at =
        |day: u64, hour: u64, minute: u64| Millis(((day * 24 + hour - 1) * 60 + minute) * 60_000);
    let night = Quiet { from: 22 * 60, until: 7 * 60 };
    let noon = Quiet { from: 12 * 60, until: 13 * 60 };
    let rows = [
        (night, at(3, 21, 59), None),
        (night, at(3, 22, 0), Some(at(4, 7, 0))),
        (night, at(4, 0, 0), Some(at(4, 7, 0))),
        (night, at(4, 6, 59), Some(at(4, 7, 0))),
        (night, at(4, 7, 0), None),
        (noon, at(3, 11, 59), None),
        (noon, at(3, 12, 0), Some(at(3, 13, 0))),
        (noon, at(3, 13, 0), None),
        (Quiet { from: 60, until: 60 }, at(3, 1, 0), None),
        (Quiet { from: 0, until: 2_000 }, at(3, 1, 0), None),
    ];
    for (quiet, now, expected) in rows {
        assert_eq!(quiet.ends(now, &East), expected, "{quiet:?} {now:?}");
    }
}

#[test]
fn wishes_have_bounds() {
    let wishes = |quiet, remind_after| Wishes { quiet, remind_after, sound: false }.checked();
    assert!(wishes(None, None).is_ok());
    assert!(wishes(Some(Quiet { from: 1_320, until: 420 }), Some(24)).is_ok());
    let quiet = Err(Refusal::invalid(Field::QuietHours, Rule::Malformed));
    assert_eq!(wishes(Some(Quiet { from: 60, until: 60 }), None), quiet);
    assert_eq!(wishes(Some(Quiet { from: 0, until: 1_440 }), None), quiet);
    let reminder = Err(Refusal::invalid(Field::Reminder, Rule::Malformed));
    assert_eq!(wishes(None, Some(0)), reminder);
    assert_eq!(wishes(None, Some(169)), reminder);
}

#[test]
fn a_mobile_number_says_its_country() {
    for (typed, sent) in [
        ("+41 79 123 45 67", "+41791234567"),
        ("+41 (0)79 123 45 67", "+41791234567"),
        ("0041 79 123 45 67", "+41791234567"),
        ("+1 (555) 010-0199", "+15550100199"),
    ] {
        assert_eq!(mobile(typed).as_deref(), Some(sent));
    }
    for typed in ["", "079 123 45 67", "+0 79 123 45 67", "+41 79", "+1234567890123456"] {
        assert_eq!(mobile(typed), None, "{typed}");
    }
}

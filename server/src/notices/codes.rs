//! Codes that were sent to mobile numbers, so that their people show the number is theirs. In memory
//! only: who starts the server anew asks for another.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use dashmap::DashMap;
use rand::Rng;
use shared_proto::id::PersonId;
use shared_proto::limits;
use shared_proto::refusal::Refusal;
use shared_proto::time::Millis;

/// A code that was sent.
struct Sent {
    number: String,
    code: String,
    until: Millis,
    wrong: u8,
}

/// Whose day of codes it is.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Of {
    Person(PersonId),
    Number(String),
    Everyone,
}

/// Since when codes of a day are counted, and how many there were.
type Day = (Millis, u32);

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// The codes that are good, one a person, and how many were sent.
#[derive(Default)]
pub struct Codes {
    sent: DashMap<PersonId, Sent>,
    days: Mutex<HashMap<Of, Day>>,
}

impl Codes {
    /// A code for somebody's number: six digits. It is good once it is [kept](Self::keep).
    ///
    /// # Errors
    /// `TooManyTries` once a day's are sent ([`limits::MOBILE_CODES_A_DAY`]).
    pub fn make(&self, person: PersonId, number: &str, now: Millis) -> Result<String, Refusal> {
        self.spend(person, number, now)?;
        Ok(format!("{:06}", rand::rng().random_range(0..1_000_000u32)))
    }

    /// A code was sent: it is good from now on, in place of the one before.
    pub fn keep(&self, person: PersonId, number: &str, code: String, now: Millis) {
        let until = Millis(now.0.saturating_add(limits::MOBILE_CODE_MS));
        self.sent.retain(|_, sent| sent.until > now);
        let sent = Sent { number: number.to_owned(), code, until, wrong: 0 };
        self.sent.insert(person, sent);
    }

    /// Takes one off everything that is counted, or off nothing.
    fn spend(&self, person: PersonId, number: &str, now: Millis) -> Result<(), Refusal> {
        let mut days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        days.retain(|_, (since, _)| now.since(*since) < DAY_MS);
        let counted = [
            (Of::Person(person), limits::MOBILE_CODES_A_DAY),
            (Of::Number(number.to_owned()), limits::MOBILE_CODES_A_DAY),
            (Of::Everyone, limits::MOBILE_CODES_A_DAY_IN_ALL),
        ];
        for (of, most) in &counted {
            if let Some((since, _)) = days.get(of).filter(|(_, count)| count >= most) {
                let left_s = (DAY_MS - now.since(*since)) / 1_000 + 1;
                let retry_after_s = u32::try_from(left_s).unwrap_or(u32::MAX);
                return Err(Refusal::TooManyTries { retry_after_s });
            }
        }
        for (of, _) in counted {
            days.entry(of).or_insert((now, 0)).1 += 1;
        }
        Ok(())
    }

    /// The number somebody has shown to be theirs; the code is used then.
    ///
    /// # Errors
    /// `WrongMobileCode`; `MobileCodeOver` when none is good, as it was used, is too old or was
    /// entered wrong too often.
    pub fn check(&self, person: PersonId, code: &str, now: Millis) -> Result<String, Refusal> {
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        let mut sent = self.sent.get_mut(&person).ok_or(Refusal::MobileCodeOver)?;
        let is_over = |sent: &Sent| sent.until <= now || sent.wrong >= limits::MOBILE_CODE_TRIES;
        if is_over(&sent) {
            return Err(Refusal::MobileCodeOver);
        }
        if sent.code != digits {
            sent.wrong += 1;
            // The last wrong one says already that another is needed.
            let over = is_over(&sent);
            return Err(if over { Refusal::MobileCodeOver } else { Refusal::WrongMobileCode });
        }
        let number = sent.number.clone();
        drop(sent);
        self.sent.remove(&person);
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: PersonId = PersonId::from_bytes([1; 16]);
    const BEN: PersonId = PersonId::from_bytes([2; 16]);

    /// One that was sent.
    fn sent(codes: &Codes) -> String {
        let code = codes.make(ANA, "+41791234567", Millis(0)).unwrap();
        codes.keep(ANA, "+41791234567", code.clone(), Millis(0));
        code
    }

    fn over() -> Result<String, Refusal> {
        Err(Refusal::MobileCodeOver)
    }

    #[test]
    fn a_code_is_good_once_for_a_while_and_for_its_person() {
        let codes = Codes::default();
        let code = sent(&codes);
        assert_eq!((code.len(), codes.check(BEN, &code, Millis(1))), (6, over()));
        let typed = format!(" {} {}", &code[..3], &code[3..]);
        assert_eq!(codes.check(ANA, &typed, Millis(1)), Ok("+41791234567".to_owned()));
        assert_eq!(codes.check(ANA, &code, Millis(1)), over());
        let code = sent(&codes);
        // One that did not go takes nothing from the one that did.
        codes.make(ANA, "+41791234567", Millis(0)).unwrap();
        let late = Millis(limits::MOBILE_CODE_MS);
        assert_eq!(codes.check(ANA, &code, late), over());
    }

    #[test]
    fn a_code_entered_wrong_too_often_is_good_no_more() {
        let codes = Codes::default();
        let code = sent(&codes);
        for _ in 1..limits::MOBILE_CODE_TRIES {
            assert_eq!(codes.check(ANA, "x", Millis(1)), Err(Refusal::WrongMobileCode));
        }
        assert_eq!(codes.check(ANA, "x", Millis(1)), over());
        assert_eq!(codes.check(ANA, &code, Millis(1)), over());
    }

    #[test]
    fn a_day_has_so_many_codes_for_one_person_and_to_one_number() {
        let make = |codes: &Codes, person, number: &str, at| {
            codes.make(person, number, Millis(at)).map(|_| ())
        };
        let no = |retry_after_s| Err(Refusal::TooManyTries { retry_after_s });
        let codes = Codes::default();
        for n in 0..limits::MOBILE_CODES_A_DAY {
            assert_eq!(make(&codes, ANA, &format!("+4179123456{n}"), 0), Ok(()));
        }
        assert_eq!(make(&codes, ANA, "+41791234599", 1_000), no(86_400), "to whatever number");
        assert_eq!(make(&codes, BEN, "+41791234560", 0), Ok(()), "somebody else may");
        for _ in 2..limits::MOBILE_CODES_A_DAY {
            assert_eq!(make(&codes, BEN, "+41791234560", 0), Ok(()));
        }
        let third = PersonId::from_bytes([3; 16]);
        assert_eq!(make(&codes, third, "+41791234560", 0), no(86_401), "to one number");
        assert_eq!(make(&codes, third, "+41791234561", 0), Ok(()));
        assert_eq!(make(&codes, ANA, "+41791234560", DAY_MS), Ok(()), "it is another day");
    }

    #[test]
    fn a_day_has_so_many_codes_in_all() {
        let codes = Codes::default();
        for n in 0..=limits::MOBILE_CODES_A_DAY_IN_ALL {
            let mut id = [0; 16];
            id[..4].copy_from_slice(&n.to_be_bytes());
            let made = codes.make(PersonId::from_bytes(id), &format!("+4179{n:07}"), Millis(0));
            assert_eq!(made.is_ok(), n < limits::MOBILE_CODES_A_DAY_IN_ALL, "{n}");
        }
    }
}

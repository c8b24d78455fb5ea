//! Codes that were sent to mobile numbers, so that their people show the number is theirs. In memory
//! only: who starts the server anew asks for another.

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

/// The codes that are good, one a person.
#[derive(Default)]
pub struct Codes {
    sent: DashMap<PersonId, Sent>,
}

impl Codes {
    /// A code for somebody's number, in place of the one before: six digits.
    #[must_use]
    pub fn make(&self, person: PersonId, number: &str, now: Millis) -> String {
        let code = format!("{:06}", rand::rng().random_range(0..1_000_000u32));
        let until = Millis(now.0.saturating_add(limits::MOBILE_CODE_MS));
        self.sent.retain(|_, sent| sent.until > now);
        let sent = Sent { number: number.to_owned(), code: code.clone(), until, wrong: 0 };
        self.sent.insert(person, sent);
        code
    }

    /// The number somebody has shown to be theirs; the code is used then.
    ///
    /// # Errors
    /// `WrongCode`, also once it is too old, or was entered wrong too often: another is sent then.
    pub fn check(&self, person: PersonId, code: &str, now: Millis) -> Result<String, Refusal> {
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        let mut sent = self.sent.get_mut(&person).ok_or(Refusal::WrongCode)?;
        if sent.until <= now || sent.wrong >= limits::MOBILE_CODE_TRIES {
            return Err(Refusal::WrongCode);
        }
        if sent.code != digits {
            sent.wrong += 1;
            return Err(Refusal::WrongCode);
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

    #[test]
    fn a_code_is_good_once_for_a_while_and_for_its_person() {
        let codes = Codes::default();
        let code = codes.make(ANA, "+41791234567", Millis(0));
        assert_eq!((code.len(), codes.check(BEN, &code, Millis(1))), (6, Err(Refusal::WrongCode)));
        let typed = format!(" {} {}", &code[..3], &code[3..]);
        assert_eq!(codes.check(ANA, &typed, Millis(1)), Ok("+41791234567".to_owned()));
        assert_eq!(codes.check(ANA, &code, Millis(1)), Err(Refusal::WrongCode));
        let code = codes.make(ANA, "+41791234567", Millis(0));
        let late = Millis(limits::MOBILE_CODE_MS);
        assert_eq!(codes.check(ANA, &code, late), Err(Refusal::WrongCode));
    }

    #[test]
    fn a_code_entered_wrong_too_often_is_good_no_more() {
        let codes = Codes::default();
        let code = codes.make(ANA, "+41791234567", Millis(0));
        for _ in 0..limits::MOBILE_CODE_TRIES {
            assert_eq!(codes.check(ANA, "x", Millis(1)), Err(Refusal::WrongCode));
        }
        assert_eq!(codes.check(ANA, &code, Millis(1)), Err(Refusal::WrongCode));
    }
}

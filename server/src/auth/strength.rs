//! Whether a new password may be used, and how good it is (NIST SP 800-63B-4, 3.1.1.2): length, a
//! blocklist of what guessing starts with, and no rules about kinds of characters. zxcvbn brings
//! the blocklist: common passwords, words and names, and how they are usually dressed up; the
//! operator may add a list (`leaked.rs`).

use shared_proto::limits;
use shared_proto::people;
use shared_proto::refusal::{Field, Refusal, Rule};
use shared_proto::strength::{Verdict, Weakness};
use zxcvbn::matching::Match;
use zxcvbn::matching::patterns::MatchPattern;

use super::leaked;

/// Words of the inputs that are looked for, at most.
const WORDS: usize = 32;
/// Letters and digits a password has besides those words, at least.
const OWN_SCALARS: usize = 4;
/// Different signs that may stand for letters, from which on less of a password is judged.
const MANY_SIGNS: usize = 6;
/// How much then, in Unicode scalars: enough for the best score.
const FEW_SCALARS: usize = 32;

/// Judges a new password. `inputs` are what others know of the person: name, email, practice. Takes
/// up to some tens of milliseconds: away from the async threads.
#[must_use]
pub fn check(password: &str, inputs: &[&str], has_second_factor: bool) -> Verdict {
    let judged = judged(password);
    let known = words(inputs);
    let words: Vec<&str> = known.iter().map(String::as_str).collect();
    let entropy = zxcvbn::zxcvbn(&judged, &words);
    let mut score = entropy.score() as u8;

    let mut weaknesses = Vec::new();
    // What is very hard to guess may hold words: a passphrase does.
    if score < 4 {
        for found in entropy.sequence() {
            collect(found, &judged, &known, &mut weaknesses);
        }
    }
    let rule = people::password(password, "", has_second_factor).and_then(|()| {
        inputs.iter().try_for_each(|input| people::password(password, input, has_second_factor))
    });
    let rule = rule.and_then(|()| {
        if only_of(&known, password) || leaked::has(password) {
            Err(Refusal::invalid(Field::Password, Rule::Common))
        } else {
            Ok(())
        }
    });
    let refusal = match rule {
        Err(refusal) => {
            if let Refusal::Invalid { rule: Rule::TooShort { limit: least }, .. } = refusal {
                weaknesses.insert(0, Weakness::TooShort { least });
            } else if refusal == Refusal::invalid(Field::Password, Rule::Empty) {
                let least = least(has_second_factor);
                weaknesses.insert(0, Weakness::TooShort { least });
            } else if refusal == Refusal::invalid(Field::Password, Rule::Common) {
                weaknesses.insert(0, common(password, &known));
            }
            score = score.min(limits::PASSWORD_SCORE - 1);
            Some(refusal)
        }
        // Eight characters with nothing to guess them by are what the standard accepts beside a
        // second factor; zxcvbn counts ten tries a character and scores them below three.
        Ok(()) if weaknesses.is_empty() => {
            score = score.max(limits::PASSWORD_SCORE);
            None
        }
        Ok(()) if score < limits::PASSWORD_SCORE => {
            Some(Refusal::invalid(Field::Password, Rule::Common))
        }
        Ok(()) => None,
    };
    weaknesses.sort_by_key(gravity);
    weaknesses.dedup();
    Verdict { score, refusal, weaknesses }
}

fn least(has_second_factor: bool) -> u32 {
    let scalars = if has_second_factor {
        limits::PASSWORD_WITH_FACTOR_SCALARS
    } else {
        limits::PASSWORD_SCALARS
    };
    *scalars.start() as u32
}

/// Why the rule of [`people::password`] called it common.
fn common(password: &str, known: &[String]) -> Weakness {
    let lower = password.to_lowercase();
    let mut chars = lower.chars();
    let first = chars.next();
    if chars.all(|c| Some(c) == first) {
        Weakness::Repeats
    } else if only_of(known, password) {
        Weakness::NameOrEmail
    } else {
        Weakness::CommonPassword
    }
}

/// What of a password is judged. The work grows with the square of its length, and with the ways
/// in which signs may stand for letters: of one with many of those less is looked at.
fn judged(password: &str) -> String {
    const STAND_FOR_LETTERS: &str = "4@8({[<369|!1/0$5+7%2";
    let signs = STAND_FOR_LETTERS.chars().filter(|sign| password.contains(*sign)).count();
    let most = if signs > MANY_SIGNS { FEW_SCALARS } else { limits::PASSWORD_JUDGED_SCALARS };
    password.chars().take(most).collect()
}

/// Whether a password is made of what others know of the person and little else.
fn only_of(known: &[String], password: &str) -> bool {
    let mut rest = password.to_lowercase();
    let mut known: Vec<&String> = known.iter().collect();
    known.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let before = rest.len();
    for word in known {
        rest = rest.replace(word.as_str(), " ");
    }
    let left = rest.chars().filter(|c| c.is_alphanumeric()).count();
    rest.len() < before && left < OWN_SCALARS
}

/// The inputs and the words in them, lower case; not the short ones, which are in everything.
fn words(inputs: &[&str]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for input in inputs {
        let lower = input.to_lowercase();
        let parts = lower.split(|c: char| !c.is_alphanumeric()).map(str::to_owned);
        let joined: String = lower.chars().filter(|c| c.is_alphanumeric()).collect();
        for word in parts.chain([lower.clone(), joined]) {
            if word.chars().count() >= 3 && words.len() < WORDS && !words.contains(&word) {
                words.push(word);
            }
        }
    }
    words
}

fn collect(found: &Match, judged: &str, known: &[String], weaknesses: &mut Vec<Weakness>) {
    let weakness = match &found.pattern {
        // A name that is common too stands in several dictionaries.
        MatchPattern::Dictionary(word) if known.contains(&word.matched_word) => {
            Weakness::NameOrEmail
        }
        MatchPattern::Dictionary(word) => {
            // The type of the dictionary's name is private to zxcvbn; its own words are not.
            match format!("{:?}", word.dictionary_name).as_str() {
                // "house" is on lists of passwords too; beside other words it is a word.
                "Passwords" if found.token.len() * 2 > judged.len() => Weakness::CommonPassword,
                _ => Weakness::CommonWord,
            }
        }
        MatchPattern::Spatial(_) => Weakness::KeyboardPattern,
        MatchPattern::Repeat(repeat) => {
            for base in &repeat.base_matches {
                collect(base, judged, known, weaknesses);
            }
            Weakness::Repeats
        }
        MatchPattern::Sequence(_) => Weakness::Sequence,
        MatchPattern::Regex(_) | MatchPattern::Date(_) => Weakness::Date,
        MatchPattern::BruteForce => return,
    };
    weaknesses.push(weakness);
}

const fn gravity(weakness: &Weakness) -> u8 {
    match weakness {
        Weakness::TooShort { .. } => 0,
        Weakness::CommonPassword => 1,
        Weakness::NameOrEmail => 2,
        Weakness::Repeats => 3,
        Weakness::Sequence => 4,
        Weakness::KeyboardPattern => 5,
        Weakness::Date => 6,
        Weakness::CommonWord => 7,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ANA: [&str; 3] = ["Ana Lopez", "ana.lopez@example.org", "The Lakeside Practice"];

    fn common() -> Option<Refusal> {
        Some(Refusal::invalid(Field::Password, Rule::Common))
    }

    #[test]
    fn fifteen_characters_alone_and_eight_beside_a_second_factor() {
        let too_short = |limit| Some(Refusal::invalid(Field::Password, Rule::TooShort { limit }));
        let alone = check("kq7fzt2w", &ANA, false);
        assert_eq!(alone.refusal, too_short(15));
        assert_eq!(alone.weaknesses[0], Weakness::TooShort { least: 15 });
        assert!(alone.score < limits::PASSWORD_SCORE);
        let beside = check("kq7fzt2w", &ANA, true);
        assert_eq!((beside.refusal, beside.score), (None, 3));
        assert_eq!(check("kq7fzt2", &ANA, true).refusal, too_short(8));
        let empty = check("", &ANA, true);
        assert_eq!(empty.refusal, Some(Refusal::invalid(Field::Password, Rule::Empty)));
        assert_eq!(empty.weaknesses, [Weakness::TooShort { least: 8 }]);
    }

    #[test]
    fn long_passwords_are_accepted_and_no_kind_of_character_is_asked_for() {
        for good in [
            "a lake in the middle of autumn",
            "крокодил на велосипеде",
            "twelve herons under a paper moon, waiting for the ferry to come back home",
        ] {
            let verdict = check(good, &ANA, false);
            assert_eq!(verdict.refusal, None, "{good}: {verdict:?}");
        }
        let longest = "seven herons ".repeat(40).chars().take(256).collect::<String>();
        let refused = check(&format!("{longest}x"), &[], false).refusal;
        assert_eq!(refused, Some(Refusal::invalid(Field::Password, Rule::TooLong { limit: 256 })));
    }

    #[test]
    fn what_guessing_starts_with_is_refused_with_its_reason() {
        for (weak, weakness) in [
            ("passwordpassword", Weakness::CommonPassword),
            ("aaaaaaaaaaaaaaaaaaaa", Weakness::Repeats),
            ("abcabcabcabcabcabc", Weakness::Repeats),
            ("abcdefghijklmnopqrstuvwxyz", Weakness::Sequence),
            ("ana.lopez@example.org", Weakness::NameOrEmail),
            ("Lakeside Practice", Weakness::NameOrEmail),
            ("qwertyuiopasdfgh", Weakness::CommonPassword),
        ] {
            let verdict = check(weak, &ANA, false);
            assert_eq!(verdict.refusal, common(), "{weak}: {verdict:?}");
            assert!(verdict.weaknesses.contains(&weakness), "{weak}: {verdict:?}");
            assert!(verdict.score < limits::PASSWORD_SCORE);
        }
        for (weak, weakness) in [
            ("P@ssw0rd", Weakness::CommonPassword),
            ("football", Weakness::CommonPassword),
            ("zxcvbnm,./", Weakness::KeyboardPattern),
            ("17.03.1984", Weakness::Date),
            ("anaanaana", Weakness::NameOrEmail),
        ] {
            let verdict = check(weak, &ANA, true);
            assert_eq!(verdict.refusal, common(), "{weak}: {verdict:?}");
            assert!(verdict.weaknesses.contains(&weakness), "{weak}: {verdict:?}");
        }
    }

    #[test]
    fn generated_passwords_and_those_of_the_demo_may_be_used() {
        for _ in 0..50 {
            let password = crate::auth::password::generate();
            assert_eq!(check(&password, &ANA, false).refusal, None, "{password}");
        }
        for name in ["mara", "samuel", "jonas", "ana", "jiwoo", "priya"] {
            let password = format!("a quiet room for {name}");
            let email = format!("{name}@example.org");
            let verdict = check(&password, &[name, &email, "Quiet Practice"], false);
            assert_eq!(verdict.refusal, None, "{password}: {verdict:?}");
        }
    }

    #[test]
    fn each_reason_is_given_once_the_gravest_first() {
        let verdict = check("lopez17.03.1984", &ANA, true);
        assert_eq!(verdict.weaknesses, [Weakness::NameOrEmail, Weakness::Date], "{verdict:?}");
    }

    #[test]
    fn the_work_is_bounded_whatever_is_typed() {
        for costly in ["4@8({[<369|!1/|_0$5+7%2", "aA", "qwerty1984", "0o0O", "1l|!"] {
            let long = costly.repeat(256);
            let began = std::time::Instant::now();
            let _ = check(&long, &ANA, false);
            assert!(began.elapsed().as_millis() < 1_000, "{costly}: {:?}", began.elapsed());
        }
    }

    proptest! {
        #[test]
        fn any_text_gets_a_verdict(password in "\\PC{0,120}", name in "\\PC{0,30}") {
            let verdict = check(&password, &[&name], false);
            let weak = verdict.score < limits::PASSWORD_SCORE;
            let too_long = Refusal::invalid(Field::Password, Rule::TooLong { limit: 256 });
            prop_assert!(verdict.refusal.is_some() == weak || verdict.refusal == Some(too_long));
        }
    }
}

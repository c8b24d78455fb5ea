//! What is wrong with a form or with answers, in words.

use shared_proto::form::check::{FormRule, Part};
use shared_proto::form::fill::AnswerRule;
use shared_proto::form::{Item, Kind};

use super::pad::Wrong;
use crate::text::Text;

/// Its name in `data-rule` and in the Fluent messages.
#[must_use]
pub const fn form_rule(rule: FormRule) -> &'static str {
    match rule {
        FormRule::Empty => "empty",
        FormRule::TooLong { .. } => "too-long",
        FormRule::Malformed => "malformed",
        FormRule::TooFew { .. } => "too-few",
        FormRule::TooMany { .. } => "too-many",
        FormRule::Duplicate => "duplicate",
        FormRule::Unknown => "unknown",
        FormRule::Later => "later",
        FormRule::WrongKind => "wrong-kind",
        FormRule::Contrary => "contrary",
        FormRule::OutOfRange => "out-of-range",
        FormRule::NoPoints => "no-points",
        FormRule::Disordered => "disordered",
        FormRule::NotNew => "not-new",
        FormRule::TooLarge { .. } => "too-large",
    }
}

/// What breaks a rule in a part of a form, and what to do about it.
#[must_use]
pub fn form_wrong(text: &Text, part: Part, rule: FormRule) -> String {
    let limit = match rule {
        FormRule::TooLong { limit } | FormRule::TooMany { limit } => limit,
        FormRule::TooFew { least } => least,
        FormRule::TooLarge { limit } => limit / 1024,
        _ => 0,
    };
    let id = match (part, rule) {
        (Part::Items, FormRule::Empty) => "form-rule-no-questions".to_owned(),
        (Part::ShowIf | Part::Alert, FormRule::Empty) => "form-rule-no-answer".to_owned(),
        (Part::ScoreItems(_), FormRule::Empty) => "form-rule-nothing-counts".to_owned(),
        (Part::ShowIf, FormRule::Unknown) => "form-rule-gone".to_owned(),
        (Part::Band(..), FormRule::OutOfRange) => "form-rule-band-range".to_owned(),
        (Part::Choice(_), FormRule::OutOfRange) => "form-rule-points-range".to_owned(),
        _ => format!("form-rule-{}", form_rule(rule)),
    };
    text.say_with(&id, &[("limit", limit.into())])
}

/// What is wrong with an answer to `item`, and what to do about it.
#[must_use]
pub fn answer_wrong(text: &Text, item: Option<&Item>, wrong: Wrong) -> String {
    let kind = item.map(|item| &item.kind);
    let rule = match wrong {
        Wrong::Rule(rule) => rule,
        Wrong::NoNumber => return text.say("answer-no-number"),
        Wrong::NoDay => return text.say("answer-no-day"),
    };
    let with = |id: &str, limit: String| text.say_with(id, &[("limit", limit.into())]);
    match rule {
        AnswerRule::Missing => match kind {
            Some(Kind::Signature(_)) => text.say("answer-missing-signature"),
            Some(Kind::One(_) | Kind::YesNo | Kind::Scale(_) | Kind::Several(_)) => {
                text.say("answer-missing-choice")
            }
            _ => text.say("answer-missing"),
        },
        AnswerRule::Unknown | AnswerRule::WrongKind | AnswerRule::NoSuchChoice => {
            text.say("answer-unknown")
        }
        AnswerRule::TooLong { limit } => {
            text.say_with("answer-too-long", &[("limit", limit.into())])
        }
        AnswerRule::Malformed => text.say("answer-malformed"),
        AnswerRule::TooSmall { least } => with("answer-too-small", least.to_string()),
        AnswerRule::TooGreat { most } => with("answer-too-great", most.to_string()),
        AnswerRule::TooFine { decimals } => {
            text.say_with("answer-too-fine", &[("limit", u32::from(decimals).into())])
        }
        AnswerRule::TooEarly { earliest } => with("answer-too-early", earliest.to_string()),
        AnswerRule::TooLate { latest } => with("answer-too-late", latest.to_string()),
        AnswerRule::Alone { choice } => {
            let choices = item.map_or(&[][..], |item| item.kind.choices());
            let label = choices.iter().find(|other| other.id == choice);
            with("answer-alone", label.map(|label| label.label.clone()).unwrap_or_default())
        }
        AnswerRule::TooLarge { .. } => text.say("answer-too-large"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;
    use shared_proto::date::Date;
    use shared_proto::form::ChoiceId;
    use shared_proto::form::decimal::Decimal;

    fn text() -> Text {
        let text = Text::in_language(&[]);
        text.learn(words::forms);
        text
    }

    fn is_said(words: &str) {
        let fine = words.contains(' ') && !words.contains(['{', '}', '!']);
        assert!(fine && words.ends_with('.'), "{words}");
    }

    #[test]
    fn every_rule_of_a_form_has_words_with_its_limit() {
        for rule in [
            FormRule::Empty,
            FormRule::TooLong { limit: 77 },
            FormRule::Malformed,
            FormRule::TooFew { least: 77 },
            FormRule::TooMany { limit: 77 },
            FormRule::Duplicate,
            FormRule::Unknown,
            FormRule::Later,
            FormRule::WrongKind,
            FormRule::Contrary,
            FormRule::OutOfRange,
            FormRule::NoPoints,
            FormRule::Disordered,
            FormRule::NotNew,
            FormRule::TooLarge { limit: 77 * 1024 },
        ] {
            for part in [
                Part::Whole,
                Part::Items,
                Part::ShowIf,
                Part::Alert,
                Part::ScoreItems(0),
                Part::Band(0, 0),
                Part::Choice(ChoiceId(1)),
            ] {
                let words = form_wrong(&text(), part, rule);
                is_said(&words);
                let limited = matches!(
                    rule,
                    FormRule::TooLong { .. }
                        | FormRule::TooFew { .. }
                        | FormRule::TooMany { .. }
                        | FormRule::TooLarge { .. }
                );
                assert_eq!(words.contains("77"), limited, "{words}");
            }
        }
    }

    #[test]
    fn every_rule_of_answers_has_words_with_its_limit() {
        let number = Decimal::whole(77);
        let day = Date::new(1977, 7, 7).unwrap();
        for (rule, limit) in [
            (AnswerRule::Missing, ""),
            (AnswerRule::Unknown, ""),
            (AnswerRule::WrongKind, ""),
            (AnswerRule::TooLong { limit: 77 }, "77"),
            (AnswerRule::Malformed, ""),
            (AnswerRule::TooSmall { least: number }, "77"),
            (AnswerRule::TooGreat { most: number }, "77"),
            (AnswerRule::TooFine { decimals: 3 }, "3"),
            (AnswerRule::TooEarly { earliest: day }, "1977-07-07"),
            (AnswerRule::TooLate { latest: day }, "1977-07-07"),
            (AnswerRule::NoSuchChoice, ""),
            (AnswerRule::Alone { choice: ChoiceId(1) }, ""),
            (AnswerRule::TooLarge { limit: 77 }, ""),
        ] {
            let words = answer_wrong(&text(), None, Wrong::Rule(rule));
            is_said(&words);
            assert!(words.contains(limit), "{words}");
        }
        is_said(&answer_wrong(&text(), None, Wrong::NoNumber));
        is_said(&answer_wrong(&text(), None, Wrong::NoDay));
    }
}

//! What is asked and told about forms.

use shared_proto::date::Date;
use shared_proto::form::ask::{
    Ask, Assigned, Assignment, ChangedBy, Handed, Happened, Known, Listing, Source, Told,
};
use shared_proto::form::check::{FormProblem, FormRule, Part};
use shared_proto::form::fill::{AnswerProblem, AnswerRule};
use shared_proto::form::{ChoiceId, LinkId};

use crate::*;

const HANDED: Handed = Handed { entry: LAST, at: LATER };

fn listing() -> Listing {
    Listing {
        id: INTAKE,
        version: 300,
        title: "Intake".into(),
        questions: 7,
        source: Source::Library(Known::Gad7),
        changed: Some(ChangedBy { person: ANA, at: AT }),
        retired: true,
    }
}

fn assigned() -> Assigned {
    Assigned {
        template: vec![1, 2],
        answers: vec![3],
        to: BEN,
        submitted: Some(HANDED),
        saved_at: Some(AT),
    }
}

fn assignment() -> Assignment {
    Assignment {
        entry: FIRST,
        form: INTAKE,
        version: 300,
        title: "Intake".into(),
        to: BEN,
        at: AT,
        submitted: Some(HANDED),
        alerts: true,
    }
}

fn day() -> Date {
    Date::new(2026, 2, 28).expect("a day of the calendar")
}

golden! {
    what_is_asked_about_forms_keeps_its_bytes: Ask {
        Ask::List { .. } => {
            Ask::List { after: None } => "00 00",
            Ask::List { after: Some(INTAKE) } => "00 01 f0*16",
        }
        Ask::Read { .. } => {
            Ask::Read { form: INTAKE, version: None } => "01 f0*16 00",
            Ask::Read { form: INTAKE, version: Some(300) } => "01 f0*16 01 ac 02",
        }
        Ask::Library { .. } => { Ask::Library { which: Known::Phq9 } => "02 02" }
        Ask::Save { .. } => {
            Ask::Save { client_id: MINE, form: None, version: 0, body: vec![1, 2] } =>
                "03 11*16 00 00 02 01 02",
            Ask::Save { client_id: MINE, form: Some(INTAKE), version: 300, body: vec![1] } =>
                "03 11*16 01 f0*16 ac 02 01 01",
        }
        Ask::Retire { .. } => { Ask::Retire { form: INTAKE, retired: true } => "04 f0*16 01" }
        Ask::Open { .. } => { Ask::Open { conversation: ROOM, entry: FIRST } => "05 c0*16 e1*16" }
        Ask::Keep { .. } => {
            Ask::Keep { conversation: ROOM, entry: FIRST, answers: vec![1, 2] } =>
                "06 c0*16 e1*16 02 01 02",
        }
        Ask::Submit { .. } => {
            Ask::Submit {
                conversation: ROOM,
                entry: FIRST,
                client_message_id: MINE,
                answers: vec![1, 2],
            } => "07 c0*16 e1*16 11*16 02 01 02",
        }
        Ask::Assignments { .. } => {
            Ask::Assignments { conversation: ROOM, before: None } => "08 c0*16 00",
            Ask::Assignments { conversation: ROOM, before: Some(LAST) } => "08 c0*16 01 e2*16",
        }
    }

    what_is_told_about_forms_keeps_its_bytes: Told {
        Told::Forms { .. } => {
            Told::Forms { forms: vec![listing()], people: vec![card()], more: true } =>
                "00 01 f0*16 ac 02 06 'Intake' 07 01 03 01 aa*16 ac 02 01 01 aa*16 03 'Ana' 01 01",
        }
        Told::Listing(_) => {
            Told::Listing(Box::new(listing())) =>
                "01 f0*16 ac 02 06 'Intake' 07 01 03 01 aa*16 ac 02 01",
        }
        Told::Template(_) => { Told::Template(vec![1, 2]) => "02 02 01 02" }
        Told::Saved { .. } => { Told::Saved { form: INTAKE, version: 300 } => "03 f0*16 ac 02" }
        Told::Problems(_) => {
            Told::Problems(vec![FormProblem {
                item: Some(LinkId(300)),
                part: Part::Label,
                rule: FormRule::TooLong { limit: 300 },
            }]) => "04 01 01 ac 02 05 01 ac 02",
        }
        Told::Assigned(_) => {
            Told::Assigned(Box::new(assigned())) =>
                "05 02 01 02 01 03 bb*16 01 e2*16 ad 02 01 ac 02",
        }
        Told::Kept { .. } => { Told::Kept { at: AT } => "06 ac 02" }
        Told::Submitted { .. } => { Told::Submitted { entry: LAST } => "07 e2*16" }
        Told::AnswerProblems(_) => {
            Told::AnswerProblems(vec![AnswerProblem { item: None, rule: AnswerRule::Missing }]) =>
                "08 01 00 00",
        }
        Told::Assignments { .. } => {
            Told::Assignments { assignments: vec![assignment()], more: true } =>
                "09 01 e1*16 f0*16 ac 02 06 'Intake' bb*16 ac 02 01 e2*16 ad 02 01 01",
        }
    }

    what_happens_to_forms_keeps_its_bytes: Happened {
        Happened::Kept { .. } => {
            Happened::Kept { conversation: ROOM, entry: FIRST, answers: vec![1, 2], at: AT } =>
                "00 c0*16 e1*16 02 01 02 ac 02",
        }
    }

    sources_of_forms_keep_their_bytes: Source {
        Source::Own => { Source::Own => "00" }
        Source::Library(_) => { Source::Library(Known::Messaging) => "01 01" }
    }

    forms_that_come_along_keep_their_bytes: Known {
        Known::Intake => { Known::Intake => "00" }
        Known::Messaging => { Known::Messaging => "01" }
        Known::Phq9 => { Known::Phq9 => "02" }
        Known::Gad7 => { Known::Gad7 => "03" }
    }

    parts_of_forms_keep_their_bytes: Part {
        Part::Whole => { Part::Whole => "00" }
        Part::Title => { Part::Title => "01" }
        Part::Description => { Part::Description => "02" }
        Part::Items => { Part::Items => "03" }
        Part::Id => { Part::Id => "04" }
        Part::Label => { Part::Label => "05" }
        Part::Help => { Part::Help => "06" }
        Part::ShowIf => { Part::ShowIf => "07" }
        Part::Alert => { Part::Alert => "08" }
        Part::AlertLabel => { Part::AlertLabel => "09" }
        Part::Bounds => { Part::Bounds => "0a" }
        Part::Decimals => { Part::Decimals => "0b" }
        Part::Unit => { Part::Unit => "0c" }
        Part::Ends => { Part::Ends => "0d" }
        Part::Choices => { Part::Choices => "0e" }
        Part::Choice(_) => { Part::Choice(ChoiceId(300)) => "0f ac 02" }
        Part::Statement => { Part::Statement => "10" }
        Part::Scores => { Part::Scores => "11" }
        Part::ScoreLabel(_) => { Part::ScoreLabel(1) => "12 01" }
        Part::ScoreItems(_) => { Part::ScoreItems(1) => "13 01" }
        Part::Band(..) => { Part::Band(1, 2) => "14 01 02" }
    }

    rules_for_forms_keep_their_bytes: FormRule {
        FormRule::Empty => { FormRule::Empty => "00" }
        FormRule::TooLong { .. } => { FormRule::TooLong { limit: 300 } => "01 ac 02" }
        FormRule::Malformed => { FormRule::Malformed => "02" }
        FormRule::TooFew { .. } => { FormRule::TooFew { least: 2 } => "03 02" }
        FormRule::TooMany { .. } => { FormRule::TooMany { limit: 300 } => "04 ac 02" }
        FormRule::Duplicate => { FormRule::Duplicate => "05" }
        FormRule::Unknown => { FormRule::Unknown => "06" }
        FormRule::Later => { FormRule::Later => "07" }
        FormRule::WrongKind => { FormRule::WrongKind => "08" }
        FormRule::Contrary => { FormRule::Contrary => "09" }
        FormRule::OutOfRange => { FormRule::OutOfRange => "0a" }
        FormRule::NoPoints => { FormRule::NoPoints => "0b" }
        FormRule::Disordered => { FormRule::Disordered => "0c" }
        FormRule::NotNew => { FormRule::NotNew => "0d" }
        FormRule::TooLarge { .. } => { FormRule::TooLarge { limit: 300 } => "0e ac 02" }
    }

    rules_for_answers_keep_their_bytes: AnswerRule {
        AnswerRule::Missing => { AnswerRule::Missing => "00" }
        AnswerRule::Unknown => { AnswerRule::Unknown => "01" }
        AnswerRule::WrongKind => { AnswerRule::WrongKind => "02" }
        AnswerRule::TooLong { .. } => { AnswerRule::TooLong { limit: 300 } => "03 ac 02" }
        AnswerRule::Malformed => { AnswerRule::Malformed => "04" }
        AnswerRule::TooSmall { .. } => { AnswerRule::TooSmall { least: "0.0001".parse().expect("a number") } => "05 02" }
        AnswerRule::TooGreat { .. } => { AnswerRule::TooGreat { most: "-5".parse().expect("a number") } => "06 9f 8d 06" }
        AnswerRule::TooFine { .. } => { AnswerRule::TooFine { decimals: 1 } => "07 01" }
        AnswerRule::TooEarly { .. } => { AnswerRule::TooEarly { earliest: day() } => "08 ea 0f 02 1c" }
        AnswerRule::TooLate { .. } => { AnswerRule::TooLate { latest: day() } => "09 ea 0f 02 1c" }
        AnswerRule::NoSuchChoice => { AnswerRule::NoSuchChoice => "0a" }
        AnswerRule::Alone { .. } => { AnswerRule::Alone { choice: ChoiceId(300) } => "0b ac 02" }
        AnswerRule::TooLarge { .. } => { AnswerRule::TooLarge { limit: 300 } => "0c ac 02" }
    }
}

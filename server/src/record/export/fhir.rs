//! A record as a FHIR R4 Bundle: every entry as a Communication, and with those that give or submit
//! a form the form and the answers themselves.

use std::collections::BTreeSet;

use serde_json::Value;
use shared_proto::conversation::event::Event;
use shared_proto::entry::Entry;
use shared_proto::form::version::Template;
use shared_proto::id::FormId;
use shared_proto::time::Millis;

use super::{Ended, PIECE, Writing, row};
use crate::fhir;
use crate::fhir::communication::{Collection, Content, communication, place, refer};
use crate::store::forms::Filled;

/// A Bundle being written.
#[derive(Default)]
struct Gathered {
    bundle: Collection,
    out: Vec<u8>,
    /// The versions of forms that are in it: each is once, however many were given it.
    asked: BTreeSet<(FormId, u32)>,
}

impl Gathered {
    fn add(&mut self, resource: &Value) {
        self.bundle.add(&mut self.out, &place(resource), resource);
    }

    fn ask(&mut self, template: &Template, form: &Value) {
        if self.asked.insert((template.id, template.version)) {
            self.add(form);
        }
    }
}

impl Writing {
    pub(super) async fn fhir(&mut self) -> Result<(), Ended> {
        let mut gathered = Gathered::default();
        let people = self.people.clone();
        let Gathered { bundle, out, .. } = &mut gathered;
        bundle.begin(out, self.head.conversation, self.head.at, people.cards());
        let mut next = Some(self.snapshot.member.first().before());
        let mut number = 0;
        while let Some(from) = next {
            let stretch = self.pages.stretch(from).await?;
            for recorded in &stretch.entries {
                number += 1;
                let content = self.content(&recorded.entry, &mut gathered).await?;
                let row = row(number, recorded, &people, &self.head.zone);
                let to: Vec<_> = people.recipients(&recorded.entry).collect();
                let said = communication(&row.communicated(&to, content.as_ref()));
                let id = recorded.entry.id.to_string();
                gathered.bundle.add(&mut gathered.out, &id, &said);
                if gathered.out.len() >= PIECE {
                    self.taker.bytes(std::mem::take(&mut gathered.out)).await?;
                }
            }
            self.taker.bytes(std::mem::take(&mut gathered.out)).await?;
            next = stretch.next;
        }
        gathered.bundle.end(&mut gathered.out);
        self.taker.bytes(gathered.out).await
    }

    /// Adds the form an entry gives, or what it submits, as whoever takes the record sees it; where
    /// that is.
    async fn content(
        &mut self,
        entry: &Entry,
        gathered: &mut Gathered,
    ) -> Result<Option<Content>, Ended> {
        match Event::decode(entry) {
            Ok(Event::Assigned(body)) => {
                let Some(given) = self.pages.given(body).await? else { return Ok(None) };
                let form = self.questionnaire(&given.template, given.at);
                gathered.ask(&given.template, &form);
                Ok(Some(Content::of(&form)))
            }
            Ok(Event::Submitted(body)) => {
                let Some(filled) = self.pages.filled(body.assigned).await? else { return Ok(None) };
                let Some((form, mut answers)) = self.filled(&filled) else { return Ok(None) };
                gathered.ask(&filled.template, &form);
                if self.people.card(filled.by).is_some() {
                    refer(&mut answers, filled.by);
                }
                gathered.add(&answers);
                Ok(Some(Content::of(&answers)))
            }
            _ => Ok(None),
        }
    }

    fn questionnaire(&self, template: &Template, at: Millis) -> Value {
        let known = self.app.hub.forms.get(template.id);
        fhir::questionnaire(&fhir::Published {
            template,
            at,
            publisher: &self.head.practice,
            retired: known.is_some_and(|known| known.retired),
        })
    }

    /// A form that was submitted, and the answers.
    pub(super) fn filled(&self, filled: &Filled) -> Option<(Value, Value)> {
        let Filled { template, saved_at, answers, by, entry, at } = filled;
        let card = self.app.directory.card(*by)?;
        let answers = fhir::questionnaire_response(&fhir::Filled {
            template,
            id: &entry.to_string(),
            answers,
            subject: &card,
            author: &card,
            at: *at,
            submitted: true,
        });
        Some((self.questionnaire(template, *saved_at), answers))
    }
}

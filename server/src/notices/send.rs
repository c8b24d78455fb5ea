//! Hands one notice over: to the relay or gateway of its channel, or into the folder.

use std::sync::Arc;

use shared_proto::notice::{Channel, How};

use super::email::{self, Letter};
use super::failure::Failure;
use super::queue::hex;
use super::reader::{Facts, Round};
use super::words::Words;
use crate::app::App;
use crate::clock;
use crate::mail::{Mail, MailError};
use crate::office::notices as office;
use crate::store::notices::Named;

/// What pushes are about (RFC 8030, 5.4): all the same.
const TOPIC: &str = "quietroom";

/// Hands a notice over; where to, for the operator.
///
/// # Errors
/// Why it was not taken.
pub async fn send(app: &Arc<App>, named: &Named, facts: &Facts) -> Result<String, Failure> {
    let url = app.settings.url.as_str();
    let id = hex(&named.id);
    let file = |ending: &str| format!("{:013}-{id}.{ending}", named.since.0);
    match named.channel {
        Channel::Email => {
            let token = email::token(&app.store.vault, facts.person.id, &facts.person.email);
            let sender = Round::of(app, clock::now()).sender;
            let letter = Letter {
                from: app.mail.from(),
                sender: &sender,
                to: &facts.person.email,
                id: &id,
                since: named.since,
                url,
                token: &token,
            };
            let message = email::compose(&letter, Words::of(&facts.language).email(url))?;
            let file = file("eml");
            app.mail.hand_over(&file, message).await.map_err(failure)?;
            Ok(shown(&app.mail, &file))
        }
        Channel::Sms => {
            let number = facts.mobile.as_deref().unwrap_or_default();
            let words = Words::of(&facts.language).sms(url, app.notices.hears_stop());
            let name = format!("{:013}-{id}", named.since.0);
            text(app, &name, number, &words, Some(&named.token(&app.store))).await
        }
        Channel::Push => {
            let device = facts.devices.iter().find(|(id, _)| Some(*id) == named.job.device);
            let Some((_, record)) = device else {
                return Err(Failure::Gone("the browser is not there any more".to_owned()));
            };
            let endpoint = &record.device.endpoint;
            let payload = Words::of(&facts.language).push();
            if let Some(push) = &app.notices.push {
                // One that waits at the push service is replaced: they are all the same.
                let sent = push.send(&record.device, payload.as_bytes(), TOPIC).await;
                return sent.map(|()| "the browser's push service".to_owned());
            }
            keep(app, file("push.txt"), format!("To: {endpoint}\n\n{payload}\n")).await
        }
    }
}

/// Sends a text message called `name`; where to, for the operator. A gateway that says later what
/// became of it is given `token` to say so with.
///
/// # Errors
/// Why it was not taken.
pub async fn text(
    app: &App,
    name: &str,
    number: &str,
    text: &str,
    token: Option<&str>,
) -> Result<String, Failure> {
    if let Some(sms) = &app.notices.sms {
        // A name that has an id in it ends with it.
        let id = name.rsplit('-').next().unwrap_or(name);
        return sms.send(number, text, id, token).await.map(|()| sms.shown());
    }
    keep(app, format!("{name}.sms.txt"), format!("To: {number}\n\n{text}\n")).await
}

fn shown(mail: &Mail, file: &str) -> String {
    if mail.is_folder() { file.to_owned() } else { mail.shown().to_owned() }
}

/// A notice as a file, for the operator to look at.
async fn keep(app: &App, file: String, text: String) -> Result<String, Failure> {
    let kept = app.notices.folder.keep(file.clone(), text.into_bytes()).await;
    kept.map(|()| file).map_err(failure)
}

fn failure(error: MailError) -> Failure {
    match error {
        MailError::Passing(problem) => Failure::Passing(problem.kind),
        MailError::Final(problem) => Failure::Final(problem.kind),
    }
}

/// Where a notice was to go is no more: nothing is sent there again. Whether that was kept.
pub async fn gone(app: &Arc<App>, named: &Named, facts: &Facts) -> bool {
    let person = facts.person.id;
    let ended = match named.channel {
        Channel::Email => Ok(()),
        Channel::Sms => office::withdraw(app, person, Channel::Sms, How::Reply, None).await,
        Channel::Push => match named.job.device {
            Some(device) => office::forget_browser(app, person, device).await,
            None => Ok(()),
        },
    };
    if let Err(refusal) = &ended {
        tracing::warn!(%person, rule = refusal.rule(), "an address that is gone was not forgotten");
    }
    ended.is_ok()
}

//! One change of one's second steps: what it is about, and the password again.

use shared_proto::factors::{
    FactorAsk, FactorList, FactorTold, PasskeyCard, RecoveryCodes, TotpSetUp,
};
use shared_proto::people;
use shared_proto::refusal::{Field as Input, Refusal, Rule};
use wasm_bindgen_futures::spawn_local;
use yew::{
    Callback, Html, MouseEvent, Properties, SubmitEvent, component, html, use_effect_with,
    use_state,
};

use super::app::AppSetUp;
use super::ask;
use crate::browser;
use crate::components::field::Field;
use crate::hooks::desk::{Desk, use_desk};
use crate::passkey::{self, PasskeyFailure};
use crate::text::use_text;

/// What somebody is about to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Set an authenticator app up.
    AddApp,
    /// Remove it.
    RemoveApp,
    /// Make a passkey.
    AddPasskey,
    /// Call one something else.
    RenamePasskey(PasskeyCard),
    /// Remove one.
    RemovePasskey(PasskeyCard),
    /// Replace the recovery codes.
    NewCodes,
}

impl Task {
    /// Begins the ids of its words.
    const fn name(&self) -> &'static str {
        match self {
            Self::AddApp => "add-app",
            Self::RemoveApp => "remove-app",
            Self::AddPasskey => "add-passkey",
            Self::RenamePasskey(_) => "rename-passkey",
            Self::RemovePasskey(_) => "remove-passkey",
            Self::NewCodes => "new-codes",
        }
    }

    const fn is_removal(&self) -> bool {
        matches!(self, Self::RemoveApp | Self::RemovePasskey(_))
    }

    const fn passkey(&self) -> Option<&PasskeyCard> {
        match self {
            Self::RenamePasskey(passkey) | Self::RemovePasskey(passkey) => Some(passkey),
            _ => None,
        }
    }

    const fn has_name(&self) -> bool {
        matches!(self, Self::AddPasskey | Self::RenamePasskey(_))
    }

    fn asked(&self, name: &str, password: &str) -> FactorAsk {
        let (name, password) = (name.to_owned(), password.to_owned());
        match self {
            Self::AddApp => FactorAsk::BeginTotp { password },
            Self::RemoveApp => FactorAsk::RemoveTotp { password },
            Self::AddPasskey => FactorAsk::BeginPasskey { name, password },
            Self::RenamePasskey(passkey) => {
                FactorAsk::RenamePasskey { passkey: passkey.id, name, password }
            }
            Self::RemovePasskey(passkey) => {
                FactorAsk::RemovePasskey { passkey: passkey.id, password }
            }
            Self::NewCodes => FactorAsk::NewRecoveryCodes { password },
        }
    }
}

/// What is shown.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is to be done.
    pub task: Task,
    /// It is done: what there is now, and recovery codes to show.
    pub on_done: Callback<(FactorList, RecoveryCodes)>,
    /// Not now.
    pub on_cancel: Callback<()>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Refused(Refusal),
    Passkey(PasskeyFailure),
}

/// The form.
#[component]
pub fn TaskForm(props: &Props) -> Html {
    let text = use_text();
    let desk = use_desk();
    let task = props.task.clone();
    let name = use_state(|| task.passkey().map(|passkey| passkey.name.clone()).unwrap_or_default());
    let password = use_state(String::new);
    let busy = use_state(|| false);
    let trouble = use_state(|| None::<Trouble>);
    let app = use_state(|| None::<(String, TotpSetUp)>);
    use_effect_with((), |()| browser::focus("#task-title"));
    use_effect_with(*trouble, |trouble| {
        if trouble.is_some() {
            browser::focus("[aria-invalid=true]");
        }
    });
    let onsubmit = {
        let (task, on_done) = (task.clone(), props.on_done.clone());
        let (name, password) = (name.clone(), password.clone());
        let (busy, trouble, app) = (busy.clone(), trouble.clone(), app.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            if let Err(refusal) = check(&task, &name, &password) {
                return trouble.set(Some(Trouble::Refused(refusal)));
            }
            busy.set(true);
            trouble.set(None);
            let asked = task.asked(&name, &password);
            let (desk, on_done) = (desk.clone(), on_done.clone());
            let (busy, trouble, app) = (busy.clone(), trouble.clone(), app.clone());
            spawn_local(async move {
                match act(&desk, asked).await {
                    Ok(FactorTold::Changed { factors, recovery }) => {
                        return on_done.emit((factors, recovery));
                    }
                    Ok(FactorTold::Totp { ticket, set_up }) => app.set(Some((ticket, set_up))),
                    Ok(_) => trouble.set(Some(Trouble::Refused(Refusal::Unavailable))),
                    Err(why) => trouble.set(Some(why)),
                }
                busy.set(false);
            });
        })
    };
    if let Some((ticket, set_up)) = &*app {
        return html! {
            <AppSetUp ticket={ticket.clone()} set_up={set_up.clone()}
                on_done={props.on_done.clone()} on_cancel={props.on_cancel.clone()} />
        };
    }
    let set = |state: &yew::UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |value| state.set(value))
    };
    let refused = match *trouble {
        Some(Trouble::Refused(refusal)) => Some(refusal),
        _ => None,
    };
    let of_field = |wanted: Input| {
        refused.filter(|why| matches!(why, Refusal::Invalid { field, .. } if *field == wanted))
    };
    let of_name = of_field(Input::PasskeyName);
    let of_password = of_field(Input::CurrentPassword);
    let general = match *trouble {
        Some(Trouble::Refused(why)) if of_name.is_none() && of_password.is_none() => {
            Some((why.rule(), text.refusal(&why)))
        }
        Some(Trouble::Passkey(why)) => Some((why.message(), text.say(why.message()))),
        _ => None,
    };
    let about = task.passkey().map(|passkey| passkey.name.clone()).unwrap_or_default();
    let about = [("name", about.into())];
    let words = |part: &str| text.say_with(&format!("task-{}-{part}", task.name()), &about);
    let yes = if task.is_removal() { "button button-danger" } else { "button button-primary" };
    let cancel = props.on_cancel.reform(|_: MouseEvent| ());
    html! {
        <form class="task" novalidate=true {onsubmit} data-testid="factor-task"
            data-task={task.name()} aria-labelledby="task-title">
            <h3 id="task-title" tabindex="-1">{words("title")}</h3>
            <p>{words("lead")}</p>
            if task.has_name() {
                <Field name="passkey-name" label={text.say("task-name")}
                    help={text.say("task-name-help")} autocomplete="off" value={(*name).clone()}
                    on_input={set(&name)} refusal={of_name} />
            }
            <Field name="factor-password" label={text.say("task-password")} kind="password"
                help={text.say("task-password-help")} autocomplete="current-password"
                value={(*password).clone()} on_input={set(&password)} refusal={of_password} />
            <div role="alert">
                if let Some((rule, words)) = general {
                    <p class="field-refusal" data-testid="refusal" data-rule={rule}>{words}</p>
                }
            </div>
            <div class="group-actions">
                <button type="submit" class={yes} data-testid="task-submit"
                    aria-disabled={busy.to_string()}>{words("submit")}</button>
                <button type="button" class="button" data-testid="task-cancel"
                    onclick={cancel}>{text.say("cancel")}</button>
            </div>
        </form>
    }
}

/// The server's own rules, so that what is wrong shows before anything is sent.
fn check(task: &Task, name: &str, password: &str) -> Result<(), Refusal> {
    if task.has_name() {
        people::passkey_name(name)?;
    }
    if password.is_empty() {
        return Err(Refusal::invalid(Input::CurrentPassword, Rule::Empty));
    }
    Ok(())
}

/// Asks the server, and for a passkey the browser in between.
async fn act(desk: &Desk, asked: FactorAsk) -> Result<FactorTold, Trouble> {
    let makes_passkey = matches!(asked, FactorAsk::BeginPasskey { .. });
    if makes_passkey && !passkey::supported() {
        return Err(Trouble::Passkey(PasskeyFailure::NotSupported));
    }
    let told = ask(desk, asked).await.map_err(Trouble::Refused)?;
    let FactorTold::Passkey { ticket, options } = told else { return Ok(told) };
    let response = passkey::create(&options).await.map_err(Trouble::Passkey)?;
    let finish = FactorAsk::FinishPasskey { ticket, response };
    ask(desk, finish).await.map_err(Trouble::Refused)
}

//! The app: state, words and dates for everything below, and which page is shown.
//!
//! Hooks for tests are `data-testid` attributes:
//!
//! ```text
//! app                 root; data-link = none | connecting | live | waiting (socket); data-session = starting | unreachable | set-up-needed | signed-out | locked | signed-in
//! sign-in form        sign-in-form, email, password, sign-in (submit button); refusal inside the form; session-ended, portal-off (notice why it ended)
//! forgotten           link on the sign-in page -> forgotten-form (email, forgotten-send), forgotten-sent
//! strength            under a new password, data-score = 0 to 4 once judged; weakness (data-name), one for each reason
//! invited-form        page of an invitation: invited-email, name, password, strength, accept; invited-occupied (somebody is signed in here) with invited-sign-out
//! new-password-form   password, strength, new-password (submit button) -> new-password-done
//! confirm-email       confirm (button) -> email-half | email-changed
//! link-spent          a link that cannot be used; link-failed (the server cannot be asked) with try-now
//! invite              button of a person's row or chart -> invite-sent or refusal
//! email-group         in the settings: own-email, new-email, email-password, change-email -> email-sent
//! password-group      in the settings: current-password, new-password, strength, change-password -> password-changed
//! sections            <nav>: section-messages, section-people (providers), section-practice (owners), section-settings; data-here on the current
//! quick exit          quick-exit (button in the sections), quick-exit-here (the same in a conversation's header, narrow only)
//! settings            settings-page; groups settings-you, settings-messages, settings-consents, settings-details (clients), settings-devices, each of the first four with
//!                     <group>-save and <group>-saved; inputs name, mobile, language, time-zone, read-receipts, consent-email, consent-sms, and the names of the details;
//!                     device (data-device, data-this), device-name, device-this, device-sign-out, sign-out-others -> device-task (device-password, device-sign-out-confirm / -cancel); settings-index
//! notices             in settings-consents: notice-email, notice-sms, notice-push (data-stopped = none | why; the last data-on), each with notice-NAME-to, notice-NAME-stopped, notice-NAME-test -> notice-NAME-test-outcome;
//!                     mobile-format (how a number is written), mobile-unconfirmed with mobile-send-code -> mobile-send-outcome, then mobile-code, mobile-confirm; push-on / push-off -> push-outcome, push-unavailable, push-others with push-everywhere;
//!                     notice-quiet with quiet (switch), quiet-from, quiet-until, quiet-zone; remind-after (select); notice-sound with sound (switch), sound-try
//! second step     second-step-form, code, second-step (submit button), use-passkey, use-code, use-recovery, second-step-back; refusal inside the form
//! enrol           page of somebody who needs a second step first: factors as below; enrol-sign-out
//! factors         <section> of settings: totp, passkey (each, with passkey-card-name, passkey-rename, passkey-remove), recovery; totp-add, totp-replace, totp-remove, passkey-add, recovery-renew
//! factor-task     form, data-task: passkey-name, factor-password, task-submit, task-cancel; then totp-set-up: totp-qr, totp-secret, totp-here, code, totp-finish
//! recovery-codes  shown once: recovery-text, recovery-copy, recovery-print, recovery-kept
//! parts           part-loading, part-failed (with try-now): in place of a page whose part of the client is fetched first, or cannot be
//! lock            lock-form, password, unlock (submit button), lock-sign-out; refusal inside the form
//! set-up form         set-up-form, practice, name, email, password, set-up-next (submit button); refusal per field; set-up-needed (page without a token)
//!                     then set-up-rest: the settings below, set-up (submit button), set-up-back
//! practice-page       groups practice-place, practice-policies, practice-announcement, practice-limits, each with NAME-save and NAME-status; practice-divisions; audit-link
//! hours               groups settings-hours (providers) and practice-hours, each with NAME-save and NAME-saved: own-hours / common-hours, hours-0 to hours-6, answer-within,
//!                     leave-add, leave-N-from, leave-N-until, leave-N-remove, and the same of holidays; away-reply, greeting-words
//! settings inputs     practice, time-zone, language, currency, client-start-VALUE, invited-VALUE, booking-VALUE (radios), notify-email, notify-sms, notify-push, sender (with sender-warning; not at set-up), announcement, idle-minutes, session-hours;
//!                     writes (data-line, data-possible, data-changed); newer (data-part) with take-newer; contested (notice)
//! divisions           division (data-name): division-rename, division-remove, or division-name, division-save, division-cancel; new-division, division-add
//! offline             full page when the app starts without the server; try-now button
//! banner              data-state = reconnecting | offline | too-many-windows | outdated; buttons try-now (first three), reload (outdated). Not in the DOM when all is well
//! inbox               <nav>; inbox-row: <a href="/c/UUID" data-conversation=UUID> (data-unread=N always), inside: row-name, row-preview, row-time, unread (badge, only when N > 0, text = N)
//! inbox-empty         sentence when there is no conversation; new-conversation (link to /new, for those who may start one)
//! people-search       text input on /new; people-option (button role=option/checkbox, data-person=UUID, aria-selected) with people-account, people-chosen (chip, data-person), start-conversation (button; aria-disabled with a reason)
//! conversation        <section> pane, data-conversation=UUID; conversation-title (h1), back (narrow only), presence (text "Here now" / "2 of 3 here now"; data-here=N; only while N > 0)
//! thread              scroll container role=log, data-conversation=UUID; data-state = loading | ready
//! message             data-entry=UUID (absent until acknowledged), data-client-id=UUID, data-author=UUID, data-own=true|false,
//!                     data-mark = sending|sent|delivered|read|refused (own messages only), data-withdrawn=true when withdrawn
//! message-text        the text, exactly as sent; message-time <time datetime=ISO>; mark (own, text for readers)
//! day                 day separator; new-divider "New messages"; thread-start (top of the history); older-loading
//! composer            <textarea>; send (button; aria-disabled=true with aria-describedby reason); counter (from 7,500 characters); composer-reason; composer-closed (why nothing may be written, data-rule; the textarea is readonly then)
//! attach              button of the composer, attach-input (its file input); drop-area (only while files are dragged over the conversation)
//! send-dialog         chosen-file (data-rule when it is not taken): chosen-name, chosen-remove; send-more, send-more-input; recipient (checkbox, data-person) or send-to; send-files (submit button)
//! attachments         files on their way: attachment (data-step, data-percent, data-rule), attachment-name, attachment-bar, attachment-retry, attachment-cancel (also dismisses)
//! file                in a message, data-file: file-name, file-picture (button) -> picture-dialog (picture, picture-download), file-download, file-open (PDF), file-hidden (own, hidden from somebody)
//! files-dialog        from details-files: files, listed-file (data-file), listed-name, listed-download, listed-open, files-older; files-empty, files-loading; files-send (with files-send-input), files-assign
//! promise             for clients, above the composer: promise-back, promise-away, promise-by (data-waits); greeting with greeting-use, for the host of a conversation without messages
//! settings-replies    group of a provider's settings: replies-own and replies-of-practice, each with saved-reply (saved-reply-title, saved-reply-edit) and, for who may, replies-own-add / replies-of-practice-add; then the inputs of saved-replies
//! saved-replies       button in a provider's composer -> replies-dialog: reply-search, replies with reply-use and reply-edit, reply-add; then reply-title, reply-text, reply-unknown, reply-shared, reply-save, reply-delete, reply-back
//! typing              only in the DOM while somebody types, text "Ana is typing"
//! jump-latest         button, only while away from the end; data-count = new messages below
//! message-menu        button on own message -> withdraw (menu item) -> withdraw-confirm / withdraw-cancel (dialog)
//! refusal             what was refused and what to do, data-rule = Refusal::rule(); at a message: refused-edit, refused-retry, refused-discard
//! announcer           visually hidden aria-live=polite region: new messages, refusals; banner-region holds the banner and is always there
//! ask-again           button beside a refusal of the inbox or of a search; withdraw-again beside a refused withdrawal
//! stranded            link in the inbox to what was written for a conversation that is gone; there left-behind holds left-text, left-copy, left-discard
//! boot                before the app; boot-failed says what to do when it cannot start
//! people              page of the list: people-find (search), show-clients / show-providers (aria-pressed), people-standing (select), people-count, add-person (link), people-loading, people-empty
//! people-list         scroll container, data-state = loading | ready; people-row: <a href="/people/UUID" data-person=UUID data-assigned=true|false>, in it people-name, standing
//!                     (data-standing = active|portal-off|invited|suspended|no-account); beside it people-write (active ones only). Only rows near the viewport are in the DOM
//! add-form            role (owners), name, email, phone, chart-number, division, assign + assign-add, assigned (chip: takes away), add-submit; refusal per field
//! chart               page of a chart: chart-head (data-person), chart-write, tab-details, tab-communications; unavailable (why, data-rule) in place of what is not allowed
//! contact, details    forms of a chart: inputs named as in add-form and DetailField::name(); save-contact / save-details, and save-…-done (data-done)
//! consents, care, access   groups of a chart: consents-recorded, consent-email, consent-sms, consent-email-since, consent-sms-since (data-how = never | themselves | practice | practice-unnamed | link | reply; data-on), save-consents (save-consents-done); division, assign…; portal (checkbox; portal-off-confirm / -cancel), suspend / restore, make-owner / step-down (each but restore with -confirm / -cancel), emergency-link
//! messaging           conversations with a client: inbox-row, messaging-empty, messaging-more, new-message, messaging-unavailable (data-rule)
//! emergency-form      reason, emergency-list (submit); emergency-row (data-conversation), emergency-none, emergency-open, then emergency-confirm / emergency-cancel
//! who-opened          button in the conversation's header -> opened-by (dialog): opened-list, opened-row (data-action, data-person), opened-older, tool-close
//! audit               page /practice/audit: audit-person (search) -> audit-person-option (data-person), audit-person-chosen; audit-group, audit-from, audit-until, audit-clear;
//!                     audit-table with audit-row (data-action, data-sequence, data-emergency), audit-older, audit-end; audit-loading, audit-empty
//! forms-link          link on the pages people and practice -> forms-page: forms-own, forms-library, forms-retired, each with form-row (data-form, data-version): form-open (link), form-retire / form-take / form-offer -> forms-outcome; forms-empty, new-form (link)
//! form-builder        page of a form: builder with form-title, form-description, item (data-kind, data-wrong): item-open, item-up, item-down, item-delete -> item-removed with item-undo; item-stuck; inputs item-NAME, choice…, show-if…, test…, alert…; item-add (data-kind);
//!                     scores with score… and band…; form-wrong (what is wrong, at its place), form-problems; form-preview -> preview (dialog) with preview-check; form-save -> form-saved; leave-confirm / -cancel
//! form-card           in the thread, data-entry, data-submitted: form-card-open -> paper (dialog): filling with question (data-link, data-wrong), answer-wrong, answer-clear, paper-state (data-kept), paper-submit -> submit-confirm / -cancel; close-confirm / -cancel when something is not kept
//!                     or, once submitted, paper-submitted with answer-alerts, answer-score (answer-points, answer-band), answer (data-link, data-alert), paper-print; paper-waiting (the host, before)
//! details-assign      button in the details -> assign-dialog: assign-form (data-form), assign-person (data-person), assign-save; assign-none. forms-given: form-given (data-entry) with form-given-open
//! account-menu        button in the inbox header -> account-settings (link), sign-out (button; sign-out-confirm / sign-out-cancel appear first only when something is unsent)
//! not-found           unknown route, or a conversation that is not there
//! Notes: only about 60 rows of a thread are in the DOM (windowed): scroll `thread` to see others. Enter sends, Shift+Enter breaks.
//! When signed out every known route shows the sign-in form in place (URL kept); after signing in the same URL shows its page; /sign-in goes to /.
//! ```

use wasm_bindgen_futures::spawn_local;
use yew::{ContextProvider, Html, component, html, use_effect_with, use_memo, use_reducer};
use yew_router::prelude::{BrowserRouter, Redirect, use_route};

use crate::browser;
use crate::components::announcer::Announcer;
use crate::components::banner::Banner;
use crate::components::icon::{Icon, Shape};
use crate::components::later::later;
use crate::dates::Dates;
use crate::hooks::desk::Desk;
use crate::hooks::driver::{use_driver, use_unsent_warning};
use crate::hooks::exit::use_quick_exit;
use crate::hooks::page::{use_keyboard_room, use_unread_in_title};
use crate::hooks::store::{Dispatch, Store};
use crate::pages::frame::Frame;
use crate::pages::locked::Locked;
use crate::pages::not_found::NotFound;
use crate::pages::offline::Offline;
use crate::pages::sign_in::{Notice, SignIn};
use crate::pages::{confirm_email, enrol, forgotten, invited, new_password, set_up};
use crate::parts::Page;
use crate::push;
use crate::route::Route;
use crate::state::Session;
use crate::state::link::Phase;
use crate::text::Text;

/// The root.
#[component]
pub fn App() -> Html {
    html! { <BrowserRouter><Shell /></BrowserRouter> }
}

#[component]
fn Shell() -> Html {
    let text = use_memo((), |()| Text::in_language(&browser::languages()));
    let dates = use_memo((), |()| Dates::new());
    let store = use_reducer(Store::new);
    let dispatch = {
        let store = store.clone();
        use_memo((), move |()| Dispatch::of(&store))
    };
    let route = use_route::<Route>().unwrap_or(Route::NotFound);
    let desk = {
        let dispatch = (*dispatch).clone();
        use_memo((), move |()| Desk::new(dispatch))
    };
    use_driver(&store, &dispatch, &desk);
    use_unsent_warning(store.state.has_unsent());
    use_quick_exit(
        matches!(store.state.session, Session::SignedIn(_) | Session::Locked(_)),
        &dispatch,
    );
    use_unread_in_title(store.state.unread_total());
    use_keyboard_room();
    // However a session ends: nothing of it is left in the browser, nor pushed to it.
    use_effect_with(session_name(&store.state.session), |session| {
        if *session == "signed-out" {
            spawn_local(push::forget());
        }
    });
    {
        let language = text.language();
        use_effect_with(language, |language| {
            if let Some(root) = browser::document().document_element() {
                // Any element takes a lang attribute.
                let _ = root.set_attribute("lang", language);
            }
        });
    }
    let state = &store.state;
    let page = match (&state.session, route) {
        (_, Route::NotFound) => html! { <NotFound /> },
        (Session::Starting, _) => html! {
            <main class="gate" id="main" role="main">
                <div class="starting" role="status">
                    <Icon shape={Shape::Sign} />
                    <h1 class="visually-hidden">{text.say("starting")}</h1>
                </div>
            </main>
        },
        (Session::Unreachable, _) => html! { <Offline /> },
        (Session::SetUpNeeded, route) => {
            let linked = route == Route::SetUp;
            later(Page::SetUp(set_up::Props { needed: true, linked }))
        }
        (_, Route::SetUp) => later(Page::SetUp(set_up::Props { needed: false, linked: true })),
        (_, Route::Invited) => {
            let (practice, me) = (state.practice.clone(), state.me().cloned());
            later(Page::Invited(invited::Props { practice, me }))
        }
        (_, Route::Forgotten) => {
            later(Page::Forgotten(forgotten::Props { practice: state.practice.clone() }))
        }
        (_, Route::NewPassword) => {
            later(Page::NewPassword(new_password::Props { practice: state.practice.clone() }))
        }
        (_, Route::ConfirmEmail) => {
            later(Page::ConfirmEmail(confirm_email::Props { practice: state.practice.clone() }))
        }
        (Session::SignedOut { ended }, _) => html! {
            <SignIn practice={state.practice.clone()}
                notice={ended.then_some(Notice::Ended)} />
        },
        (Session::PortalOff, _) => html! {
            <SignIn practice={state.practice.clone()} notice={Notice::PortalOff} />
        },
        (Session::Locked(me), _) => html! {
            <Locked practice={state.practice.clone()} me={me.clone()}
                unsent={state.has_unsent()} />
        },
        (Session::SignedIn(me), _) if state.factor_required => {
            let (practice, me) = (state.practice.clone(), me.clone());
            later(Page::Enrol(enrol::Props { practice, me }))
        }
        (Session::SignedIn(_), Route::SignIn) => html! { <Redirect<Route> to={Route::Home} /> },
        (Session::SignedIn(me), route) => html! {
            <Frame store={store.clone()} me={me.clone()} {route} />
        },
    };
    html! {
        <ContextProvider<Text> context={(*text).clone()}>
        <ContextProvider<Dates> context={(*dates).clone()}>
        <ContextProvider<Dispatch> context={(*dispatch).clone()}>
        <ContextProvider<Desk> context={(*desk).clone()}>
            <div class="app" data-testid="app" data-link={link_name(state.link.phase)}
                data-session={session_name(&state.session)}>
                // Always there: a region that appears together with its words is not read.
                <div role="status" data-testid="banner-region">
                    if let Some(kind) = state.banner() {
                        <Banner {kind} unsent={state.has_unsent()} />
                    }
                </div>
                {page}
                <Announcer announced={state.announced.clone()} />
            </div>
        </ContextProvider<Desk>>
        </ContextProvider<Dispatch>>
        </ContextProvider<Dates>>
        </ContextProvider<Text>>
    }
}

const fn link_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Off => "none",
        Phase::Connecting => "connecting",
        Phase::Live => "live",
        Phase::Waiting => "waiting",
    }
}

const fn session_name(session: &Session) -> &'static str {
    match session {
        Session::Starting => "starting",
        Session::Unreachable => "unreachable",
        Session::SetUpNeeded => "set-up-needed",
        Session::SignedOut { .. } | Session::PortalOff => "signed-out",
        Session::Locked(_) => "locked",
        Session::SignedIn(_) => "signed-in",
    }
}

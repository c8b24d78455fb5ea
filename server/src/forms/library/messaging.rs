//! Consent to messaging: what messages are for and what they are not, before somebody relies on
//! them. A practice reads it through with whoever advises it on the law where it is, and makes it
//! its own.

use shared_proto::form::{Form, Test};

use super::Draft;

pub fn form() -> Form {
    let mut draft = Draft::titled(
        "Consent to secure messaging",
        "Please read this before we write to each other here. Ask your provider about anything \
         that is not clear: you can say yes or no later, and it does not change your care.",
    );
    draft.section("Not for emergencies");
    draft.note(
        "Messages are not watched around the clock, and nobody may see yours for hours or days. \
         If you or somebody else is in danger, or you think of ending your life, do not write \
         here. Call the emergency number (911 in the United States, 112 in Europe) or go to the \
         nearest emergency department. In the United States you can call or text 988, the Suicide \
         and Crisis Lifeline, at any time.",
    );
    draft.several("Please confirm", &["I understand that messages are not for emergencies."]);
    draft.required();
    draft.long_text("Whom would you turn to in an emergency?");
    draft.help("For example a person, a crisis line or a hospital near you, with the number.");

    draft.section("When you can expect an answer");
    draft.note(
        "Your provider reads messages during office hours and usually answers within two working \
         days. It can take longer on weekends, on holidays and during leave. If something cannot \
         wait that long, call the practice.\n\n\
         Messages are good for appointments, short questions and what you agreed to write down \
         between sessions. Talk to your provider about whatever needs more than that.",
    );

    draft.section("Who can read what you write");
    draft.note(
        "Your provider, and everybody you see listed in a conversation. The practice can open a \
         conversation in an emergency: for one hour, with a reason, and you are told. Everything \
         is encrypted on the way and where it is stored, and every time somebody opens your \
         records it is written down.\n\n\
         As in a session, there are limits to confidentiality: your provider may have to tell \
         others when somebody is in serious danger, when a child or a dependent adult is being \
         harmed, or when a court orders it.",
    );
    draft.note(
        "What happens on your own device is up to you. Use a password that nobody else knows, \
         lock your screen, and think about who else uses your phone, your computer or your email.",
    );
    draft.yes_no("Does anybody else use the device or the email address you sign in with?");
    draft.help("Then let us talk about what to write here and what not.");
    let shared = draft.last().link;
    draft.text("Who?");
    draft.show_if(shared, Test::Is(true));

    draft.section("What we keep");
    draft.note(
        "What you write here is part of your health record and is kept as long as the law asks \
         for. You can withdraw a message so that others no longer see it; the record still has \
         it. You can ask for a copy of your record.",
    );

    draft.section("Notices");
    draft.note(
        "When somebody has written to you and you are not here, we can let you know. A notice \
         says that there is a message, and never what it says or from whom.",
    );
    draft.several("How may we let you know?", &["By email", "By text message", "Not at all"]);
    draft.alone("Not at all");
    draft.required();

    draft.section("Your consent");
    draft.note(
        "You may take this consent back at any time: write to your provider here, or tell the \
         practice. We then stop using messages; what was written before stays in your record. \
         Without messaging your care goes on as before, by telephone and in person.",
    );
    draft.one("For whom do you consent?", &["For myself", "For a child or somebody in my care"]);
    draft.required();
    let whom = draft.last().link;
    let in_care = draft.chose(whom, &["For a child or somebody in my care"]);
    draft.text("Their name");
    draft.required();
    draft.show_if(whom, in_care.clone());
    draft.text("How are you related, and what lets you decide for them?");
    draft.required();
    draft.show_if(whom, in_care);
    draft.signature(
        "Your full name",
        "I have read this, or it was read to me, and my questions were answered. I agree to \
         messages being used for my care, or for the care of the person named above, as described \
         here. I know that messages are not for emergencies and that I can take this consent back \
         at any time.",
    );
    draft.required();
    draft.help("Typing your name here signs this form.");
    draft.form
}

//! The quick exit: somebody has to be gone from this page at once, and nothing of it may be found
//! on the way back.
//!
//! A page cannot clear its session: the cookie is out of its reach. So a mark is left in the
//! browser's storage, which holds nothing but that somebody left, until the server has answered the
//! sign-out (its answer clears all the site keeps) or the app is next opened here, which signs out
//! before it asks anything else.

use wasm_bindgen_futures::spawn_local;
use web_sys::Storage;

use crate::browser;
use crate::hooks::store::Dispatch;
use crate::http;
use crate::push;
use crate::state::Action;

/// Where one goes: a page anybody might have been reading.
pub const ELSEWHERE: &str = "https://www.wikipedia.org/";

/// So many times Escape,
const PRESSES: usize = 3;
/// within so many milliseconds, is the button.
const WITHIN_MS: f64 = 1_500.0;

/// The mark's key in the browser's storage.
pub const MARK: &str = "left";

/// The last presses of Escape.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Presses(Vec<f64>);

impl Presses {
    /// A key was pressed at `now`, in milliseconds. Whether it was the last of those that mean to
    /// leave; any other key in between begins anew.
    pub fn press(&mut self, escape: bool, now: f64) -> bool {
        self.0.retain(|before| escape && now - before <= WITHIN_MS);
        if escape {
            self.0.push(now);
        }
        self.0.len() >= PRESSES
    }
}

/// Leaves. In this order: what is on the screen goes first, whatever becomes of the rest.
pub fn leave(dispatch: &Dispatch) {
    browser::blank();
    if let Some(storage) = storage() {
        // Full or forbidden: then the sign-out below is all there is.
        let _ = storage.set_item(MARK, "1");
    }
    http::sign_out_and_go();
    spawn_local(push::forget());
    browser::leave_for(ELSEWHERE);
    // What is held in memory goes too, and the socket with it.
    dispatch.send(Action::SignedOut);
}

/// Whether somebody left and the server may not know.
#[must_use]
pub fn is_due() -> bool {
    storage().and_then(|storage| storage.get_item(MARK).ok().flatten()).is_some()
}

/// The server knows.
pub fn done() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(MARK);
    }
}

fn storage() -> Option<Storage> {
    browser::window().local_storage().ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::Presses;

    fn leaves(keys: &[(bool, f64)]) -> bool {
        let mut presses = Presses::default();
        keys.iter().any(|(escape, at)| presses.press(*escape, *at))
    }

    #[test]
    fn three_times_escape_within_a_second_and_a_half_and_nothing_else_leaves() {
        assert!(leaves(&[(true, 0.0), (true, 700.0), (true, 1_500.0)]));
        assert!(!leaves(&[(true, 0.0), (true, 700.0)]));
        assert!(!leaves(&[(true, 0.0), (true, 700.0), (true, 1_501.0)]), "too slowly");
        assert!(!leaves(&[(true, 0.0), (true, 1.0), (false, 2.0), (true, 3.0)]), "another key");
        let late = [(true, 0.0), (true, 1_000.0), (true, 2_000.0), (true, 2_400.0)];
        assert!(leaves(&late), "the last three count");
    }
}

//! An authenticator app beside a server whose clock a test sets: nobody waits half a minute for
//! the next code, and none is typed as it runs out.

use quietroom_tests::support::totp::{STEP_S, code_at};

use crate::clock::{Clock, now};

/// Length of a step, in milliseconds.
const STEP: i64 = STEP_S as i64 * 1_000;
/// What is left of a step when its code is still typed, in milliseconds.
const ENOUGH: i64 = 15_000;

/// The app of one person.
pub struct Codes<'a> {
    clock: &'a Clock,
    secret: String,
    /// How far the server's clock is ahead, in milliseconds.
    ahead: i64,
    /// The first step whose code was not given yet.
    next: i64,
}

impl<'a> Codes<'a> {
    /// For the secret as it is shown.
    pub fn new(clock: &'a Clock, secret: String) -> Self {
        Self { clock, secret, ahead: 0, next: 0 }
    }

    /// A code not given before, which the server is going to take for a while.
    pub fn fresh(&mut self) -> String {
        let there = now() + self.ahead;
        let step = there / STEP;
        if step < self.next || STEP - there % STEP < ENOUGH {
            let begins = self.next.max(step + 1) * STEP;
            self.ahead += begins - there;
            self.clock.jump(self.ahead);
        }
        let step = (now() + self.ahead) / STEP;
        self.next = step + 1;
        code_at(&self.secret, u64::try_from(step).unwrap() * STEP_S)
    }

    /// The code an app shows whose clock is off by so many seconds.
    pub fn off_by(&self, seconds: i64) -> String {
        let there = (now() + self.ahead) / 1_000 + seconds;
        code_at(&self.secret, u64::try_from(there).unwrap())
    }
}

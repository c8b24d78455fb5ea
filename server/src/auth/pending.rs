//! Steps that somebody is in the middle of: signed in with a password and not yet with the second
//! factor, or setting one up. Known by an opaque 256-bit ticket, in memory only, for five minutes.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use shared_proto::id::PersonId;
use shared_proto::limits;
use shared_proto::refusal::Refusal;
use tokio::time::Instant;

type Ticket = [u8; 32];

/// How long a step may take.
const GOOD_FOR: Duration = Duration::from_millis(limits::PENDING_MS);

/// Steps under way, and what each has to remember. At most [`limits::PENDING`] in all and
/// [`limits::PENDING_PER_PERSON`] of one person.
pub struct Pending<T> {
    steps: Mutex<Steps<T>>,
}

struct Steps<T> {
    by_ticket: HashMap<Ticket, Step<T>>,
    /// Oldest first.
    by_person: HashMap<PersonId, VecDeque<Ticket>>,
}

struct Step<T> {
    person: PersonId,
    since: Instant,
    value: T,
}

impl<T> Default for Pending<T> {
    fn default() -> Self {
        let steps = Steps { by_ticket: HashMap::new(), by_person: HashMap::new() };
        Self { steps: Mutex::new(steps) }
    }
}

impl<T> Pending<T> {
    fn steps(&self) -> std::sync::MutexGuard<'_, Steps<T>> {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a step of somebody's and returns its ticket: 64 hexadecimal digits. When they have
    /// too many, their oldest ends.
    ///
    /// # Errors
    /// `Busy` when everybody together has too many.
    pub fn begin(&self, person: PersonId, value: T) -> Result<String, Refusal> {
        let mut steps = self.steps();
        while steps.by_person.get(&person).map_or(0, VecDeque::len) >= limits::PENDING_PER_PERSON {
            let oldest = steps.by_person.get(&person).and_then(|tickets| tickets.front().copied());
            let Some(oldest) = oldest else { break };
            steps.remove(&oldest);
        }
        if steps.by_ticket.len() >= limits::PENDING {
            steps.tidy();
            if steps.by_ticket.len() >= limits::PENDING {
                return Err(Refusal::Busy);
            }
        }
        let ticket: Ticket = rand::random();
        steps.by_ticket.insert(ticket, Step { person, since: Instant::now(), value });
        steps.by_person.entry(person).or_default().push_back(ticket);
        Ok(ticket.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Looks at a step, and leaves it.
    ///
    /// # Errors
    /// `StepExpired` when there is none.
    pub fn look<R>(
        &self,
        ticket: &str,
        look: impl FnOnce(PersonId, &mut T) -> R,
    ) -> Result<R, Refusal> {
        let ticket = parse(ticket).ok_or(Refusal::StepExpired)?;
        let mut steps = self.steps();
        let step = steps.by_ticket.get_mut(&ticket).filter(|step| !step.has_ended());
        step.map(|step| look(step.person, &mut step.value)).ok_or(Refusal::StepExpired)
    }

    /// Takes a step out: nobody finds it again.
    ///
    /// # Errors
    /// `StepExpired` when there is none.
    pub fn take(&self, ticket: &str) -> Result<(PersonId, T), Refusal> {
        let ticket = parse(ticket).ok_or(Refusal::StepExpired)?;
        let step = self.steps().remove(&ticket).filter(|step| !step.has_ended());
        step.map(|step| (step.person, step.value)).ok_or(Refusal::StepExpired)
    }

    /// Ends every step of somebody's: their password or their access has changed.
    pub fn forget(&self, person: PersonId) {
        let mut steps = self.steps();
        for ticket in steps.by_person.remove(&person).unwrap_or_default() {
            steps.by_ticket.remove(&ticket);
        }
    }

    /// Forgets steps that took too long.
    pub fn tidy(&self) {
        self.steps().tidy();
    }
}

impl<T> Step<T> {
    fn has_ended(&self) -> bool {
        self.since.elapsed() >= GOOD_FOR
    }
}

impl<T> Steps<T> {
    fn remove(&mut self, ticket: &Ticket) -> Option<Step<T>> {
        let step = self.by_ticket.remove(ticket)?;
        if let Some(tickets) = self.by_person.get_mut(&step.person) {
            tickets.retain(|other| other != ticket);
            if tickets.is_empty() {
                self.by_person.remove(&step.person);
            }
        }
        Some(step)
    }

    fn tidy(&mut self) {
        self.by_ticket.retain(|_, step| !step.has_ended());
        let left = &self.by_ticket;
        self.by_person.retain(|_, tickets| {
            tickets.retain(|ticket| left.contains_key(ticket));
            !tickets.is_empty()
        });
    }
}

fn parse(text: &str) -> Option<Ticket> {
    let mut ticket = Ticket::default();
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (n, byte) in ticket.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * n..2 * n + 2)?, 16).ok()?;
    }
    Some(ticket)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody(n: u32) -> PersonId {
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&n.to_be_bytes());
        PersonId::from_bytes(bytes)
    }

    #[tokio::test]
    async fn a_step_is_looked_at_often_and_taken_out_once() {
        let pending = Pending::default();
        let ticket = pending.begin(somebody(1), "step").unwrap();
        assert_eq!(ticket.len(), 64);
        for _ in 0..2 {
            let seen = pending.look(&ticket, |person, value| (person, *value));
            assert_eq!(seen, Ok((somebody(1), "step")));
        }
        assert_eq!(pending.take(&ticket), Ok((somebody(1), "step")));
        assert_eq!(pending.take(&ticket), Err(Refusal::StepExpired));
        for wrong in ["", "zz", &"0".repeat(64), &"é".repeat(32)] {
            assert_eq!(pending.take(wrong), Err(Refusal::StepExpired), "{wrong}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_step_ends_after_five_minutes() {
        let pending = Pending::default();
        let ticket = pending.begin(somebody(1), ()).unwrap();
        tokio::time::advance(GOOD_FOR - Duration::from_millis(1)).await;
        assert_eq!(pending.look(&ticket, |_, ()| ()), Ok(()));
        tokio::time::advance(Duration::from_millis(1)).await;
        assert_eq!(pending.look(&ticket, |_, ()| ()), Err(Refusal::StepExpired));
        pending.tidy();
        assert!(pending.steps().by_ticket.is_empty() && pending.steps().by_person.is_empty());
    }

    #[tokio::test]
    async fn the_oldest_of_too_many_steps_of_one_person_ends() {
        let pending = Pending::default();
        let tickets: Vec<String> = (0..=limits::PENDING_PER_PERSON)
            .map(|n| pending.begin(somebody(1), n).unwrap())
            .collect();
        assert_eq!(pending.take(&tickets[0]), Err(Refusal::StepExpired));
        assert_eq!(pending.take(&tickets[1]), Ok((somebody(1), 1)));
        let other = pending.begin(somebody(2), 0).unwrap();
        pending.forget(somebody(1));
        assert_eq!(pending.take(&tickets[2]), Err(Refusal::StepExpired));
        assert_eq!(pending.take(&other), Ok((somebody(2), 0)));
    }

    #[tokio::test(start_paused = true)]
    async fn there_is_a_bound_on_all_steps_until_some_end() {
        let pending = Pending::default();
        let most = u32::try_from(limits::PENDING).unwrap();
        for n in 0..most {
            pending.begin(somebody(n), ()).unwrap();
        }
        assert_eq!(pending.begin(somebody(most), ()), Err(Refusal::Busy));
        tokio::time::advance(GOOD_FOR).await;
        pending.begin(somebody(most), ()).unwrap();
    }
}

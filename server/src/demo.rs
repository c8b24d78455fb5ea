//! `--demo`: made-up people in an empty practice, so that a stranger can try everything.

use std::sync::Arc;

use shared_proto::id::PersonId;
use shared_proto::people::Role;

use crate::app::{App, StartError};
use crate::clock;
use crate::store::people::{self, PersonRecord};
use crate::store::practice::{self, PracticeRecord};

struct Person {
    name: &'static str,
    email: &'static str,
    role: Role,
    password: &'static str,
}

const PEOPLE: [Person; 6] = [
    Person {
        name: "Dr. Mara Lindqvist",
        email: "mara@demo.test",
        role: Role::Owner,
        password: "a quiet room for mara",
    },
    Person {
        name: "Samuel Okafor",
        email: "samuel@demo.test",
        role: Role::Provider,
        password: "a quiet room for samuel",
    },
    Person {
        name: "Jonas Weber",
        email: "jonas@demo.test",
        role: Role::Client,
        password: "a quiet room for jonas",
    },
    Person {
        name: "Ana Sofía Ruiz",
        email: "ana@demo.test",
        role: Role::Client,
        password: "a quiet room for ana",
    },
    Person {
        name: "Lee Ji-woo",
        email: "jiwoo@demo.test",
        role: Role::Client,
        password: "a quiet room for jiwoo",
    },
    Person {
        name: "Priya Raman",
        email: "priya@demo.test",
        role: Role::Client,
        password: "a quiet room for priya",
    },
];

/// Fills an empty practice; returns how each may sign in. A practice that is somebody's is left
/// alone, and nobody's sign-in is shown.
///
/// # Errors
/// When the people could not be kept.
pub async fn fill(app: &Arc<App>) -> Result<Vec<String>, StartError> {
    if app.practice_name().is_none() {
        create(app).await?;
    }
    let mut lines = Vec::with_capacity(PEOPLE.len());
    for person in &PEOPLE {
        let known = app.store.read(|store| people::by_email(store, person.email)).await?;
        if known.is_some() {
            let Person { email, password, role, name } = person;
            lines.push(format!("{email} / {password} ({role:?}, {name})"));
        }
    }
    Ok(lines)
}

async fn create(app: &Arc<App>) -> Result<(), StartError> {
    let now = clock::now();
    // The clients are assigned to the owner, who comes first.
    let mut first = None;
    for person in &PEOPLE {
        let hashed = app.passwords.hash(person.password.to_owned()).await;
        let id = PersonId::from_random(rand::random());
        let assigned =
            if person.role == Role::Client { first.into_iter().collect() } else { vec![] };
        first = first.or(Some(id));
        let record = PersonRecord {
            email: person.email.to_owned(),
            password_hash: Some(hashed.map_err(|refusal| refusal.rule())?),
            assigned,
            ..PersonRecord::new(id, person.name.to_owned(), person.role, now)
        };
        let mut batch = people::add(&app.store, &record);
        if person.role == Role::Owner {
            let practice = PracticeRecord::named("Lindqvist Practice", now);
            batch.put.push(practice::put(&app.store, &practice));
            let mut owners = app.store.read(practice::Owners::load).await?;
            owners.follow(&record);
            owners.put(&app.store, &mut batch);
            app.practice.put(practice);
        }
        app.store.commit(batch).await?;
        app.directory.put(&record);
    }
    Ok(())
}

// SPDX-License-Identifier: GPL-3.0-only
//! Brings the turns that go on in line with the cell: whoever is taken out, exempt or unwell is replaced at once by the
//! next in the rota who is there. Whoever comes back while nobody could be found is asked again.

use super::{PersonRow, Phase, Place, rota, tables};
use crate::cell;
use contract::DetaineeId;
use store::{Fault, Write};

/// See the module; does nothing while no turn goes on.
///
/// # Errors
/// The disk fails.
pub fn reconcile(tx: &Write<'_>) -> Result<(), Fault> {
    let active = tables::active(tx)?;
    if active.is_empty() {
        return Ok(());
    }
    let roster = cell::roster(tx)?;
    let able = |id: DetaineeId| {
        roster.iter().any(|p| p.member.id == id && p.out.is_none() && p.member.exempt.is_none())
    };
    let rotas = tables::rotas(tx)?;
    for row in active.iter().filter(|row| row.phase != Phase::Over) {
        for mut person in tables::people(tx, row.turn)? {
            if person.place != Place::Left && !able(person.detainee) {
                person.place = Place::Left;
                tables::put_person(tx, row.turn, &person)?;
            }
            if person.place != Place::Left {
                continue;
            }
            let people = tables::people(tx, row.turn)?;
            if people.iter().any(|other| other.instead_of == Some(person.detainee)) {
                continue;
            }
            let mut busy = Vec::new();
            for other in &active {
                let other = tables::people(tx, other.turn)?;
                busy.extend(other.iter().filter(|p| p.place != Place::Left).map(|p| p.detainee));
            }
            let asked = |id: &DetaineeId| people.iter().any(|other| other.detainee == *id);
            let free = |id: &DetaineeId| able(*id) && !busy.contains(id) && !asked(id);
            if let Some(next) = rota::next_in_rota(&rotas, row.turn).into_iter().find(free) {
                let replacement = PersonRow::planned(next, Some(person.detainee));
                tables::put_person(tx, row.turn, &replacement)?;
            } else if able(person.detainee) && !person.unwell {
                person.place = Place::Planned;
                tables::put_person(tx, row.turn, &person)?;
            }
        }
    }
    Ok(())
}

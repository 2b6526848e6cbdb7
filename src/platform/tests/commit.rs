// SPDX-License-Identifier: GPL-3.0-only
//! What only the tables can promise: an id once, and no verdict without its commit.

use super::*;
use crate::tables::events;
use contract::OneLeft;

on_both! {
    invariant_02_the_tables_themselves_take_an_id_once,
    a_verdict_is_given_after_the_commit_and_never_without_it,
}

fn one_left(kiosk: &Kiosk) -> Event {
    Event::OneLeft(OneLeft { at: kiosk.stamp(), assigned: 12, out: 11 })
}

/// Two batches at once could both find an id free; the tables are what says no to the second.
async fn invariant_02_the_tables_themselves_take_an_id_once(on: On) {
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let event = kiosk.event(&one_left(&kiosk));
    let content = Digest::of(event.body.as_bytes());
    let tables = &world.running.platform.core.tables;
    let mut write = tables.write_for(world.terminal()).await.unwrap();
    events::take(&mut write, &event, content).await.unwrap();
    assert!(events::take(&mut write, &event, content).await.is_err());
}

async fn a_verdict_is_given_after_the_commit_and_never_without_it(on: On) {
    // What is written is refused at the commit and not before it.
    const SQLITE: &str = "CREATE TABLE late (of TEXT REFERENCES device (id) DEFERRABLE INITIALLY DEFERRED);
        CREATE TRIGGER at_commit AFTER INSERT ON event BEGIN INSERT INTO late VALUES ('nobody'); END";
    const POSTGRES: &str = "CREATE TABLE late (of TEXT REFERENCES device (id) DEFERRABLE INITIALLY DEFERRED);
        CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN INSERT INTO late VALUES ('nobody'); RETURN NEW; END $$;
        CREATE TRIGGER at_commit AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION at_commit()";
    let world = World::new(on).await;
    let mut kiosk = world.kiosk().await;
    let tables = &world.running.platform.core.tables;
    let mut write = tables.write().await.unwrap();
    let sql = if on == On::Sqlite { SQLITE } else { POSTGRES };
    sqlx::raw_sql(sql).execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();

    let event = kiosk.event(&one_left(&kiosk));
    let sent = kiosk.send(std::slice::from_ref(&event)).await;
    assert_eq!(refused(sent), (503, "unavailable".to_owned()));
    assert_eq!(world.running.platform.kept(kiosk.device).await.unwrap(), (0, 0));
}

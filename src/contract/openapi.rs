// SPDX-License-Identifier: GPL-3.0-only
//! `openapi.json`, what a vendor implements: made from these types, committed, and compared by a test.

use crate::{
    Batch, BatchReply, Bundle, BundleAnswer, Collection, DutyAnswered, EnrolReply, EnrolRequest, Event,
    FeedPage, KINDS, PROTOCOL_VERSION, Problem, RenewRequest, Signed, SignedBundle,
};
use crate::{Facility, Member, Officer, Policy, RollCallTask, Rota, ScheduleEntry, Terminal};
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

/// The contract as OpenAPI 3.1.
pub fn openapi() -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator();
    let schema = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let signed = |what: Value, purpose: &str| {
        json!({
            "description": format!("Signed for the purpose \"{purpose}\"; the payload is the JSON text of the schema named."),
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Signed" } } },
            "x-payload": what,
        })
    };
    let problem = json!({ "description": "A code of the contract.", "content": { "application/problem+json": { "schema": schema("Problem") } } });
    let body =
        |what: Value| json!({ "required": true, "content": { "application/json": { "schema": what } } });
    let paths = json!({
        "/v1/enrol": { "post": {
            "summary": "Asks for a certificate with a one-time code; the only call without a client certificate.",
            "requestBody": body(schema("EnrolRequest")),
            "responses": {
                "200": { "description": "The certificate and what to pin.", "content": { "application/json": { "schema": schema("EnrolReply") } } },
                "default": problem,
            },
        } },
        "/v1/renew": { "post": {
            "summary": "Asks for the next certificate for the same key; also with one that ended less than 90 days ago.",
            "requestBody": body(schema("RenewRequest")),
            "responses": { "200": signed(schema("EnrolReply"), "renew"), "default": problem },
        } },
        "/v1/events": { "post": {
            "summary": "Takes events of one lane in order; answers a verdict for each after its commit.",
            "requestBody": body(schema("Batch")),
            "responses": { "200": signed(schema("BatchReply"), "reply"), "default": problem },
        } },
        "/v1/bundle": { "post": {
            "summary": "Takes a sealed bundle (age, X25519) of this terminal, or of the one whose place it took, and answers sealed.",
            "requestBody": { "required": true, "content": { "application/octet-stream": { "x-sealed": schema("SignedBundle") } } },
            "responses": {
                "200": { "description": "Sealed to the bundle's own key, signed for the purpose \"bundle-answer\".",
                    "content": { "application/octet-stream": { "x-sealed": schema("BundleAnswer") } } },
                "default": problem,
            },
        } },
        "/v1/feed": { "get": {
            "summary": "What is new for this terminal after a cursor; held open until there is something or the wait is over.",
            "parameters": [
                { "name": "since", "in": "query", "required": true, "schema": { "type": "integer", "minimum": 0 } },
                { "name": "wait", "in": "query", "schema": { "type": "integer", "minimum": 0, "maximum": crate::WAIT_S_MAX } },
            ],
            "responses": { "200": signed(schema("FeedPage"), "feed"), "default": problem },
        } },
    });
    macro_rules! add {
        ($($name:ty),+ $(,)?) => { $( generator.subschema_for::<$name>(); )+ };
    }
    add!(
        Batch,
        BatchReply,
        Bundle,
        BundleAnswer,
        Collection,
        DutyAnswered,
        EnrolReply,
        EnrolRequest,
        Event,
        Facility,
        FeedPage,
        Member,
        Officer,
        Policy,
        Problem,
        RenewRequest,
        RollCallTask,
        Rota,
        ScheduleEntry,
        Signed,
        SignedBundle,
        Terminal,
    );
    let kinds: Vec<_> =
        KINDS.iter().map(|(kind, lane)| json!({ "kind": kind, "lane": lane.name() })).collect();
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Kiosk and platform", "version": PROTOCOL_VERSION, "license": { "name": "GPL-3.0-only" } },
        "paths": paths,
        "components": { "schemas": generator.take_definitions(true) },
        "x-event-kinds": kinds,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn golden_openapi_is_what_the_types_say() {
        let path =
            std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("openapi.json");
        let made = format!("{:#}\n", super::openapi());
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &made).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(made == committed, "openapi.json is stale; read the change, then run `make golden`");
    }
}

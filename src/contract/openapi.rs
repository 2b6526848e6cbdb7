// SPDX-License-Identifier: GPL-3.0-only
//! `openapi.json`, what a vendor implements: made from these types, committed, and compared by a test.

use crate::{
    Account, CatalogueItem, Document, FamilyStatement, OrderRefused, OrderStatus, PublicNotice, StatementPage,
};
use crate::{
    AlarmAnswers, AnswerFigures, AppointmentStatus, Batch, BatchReply, BlobState, Bundle, BundleAnswer,
    CareNotice, Collection, ComplaintStatus, DutyAnswered, EnrolReply, EnrolRequest, Event, FeedPage, KINDS,
    KeyChain, KeyStatement, PROTOCOL_VERSION, Problem, RenewRequest, Signed, SignedBundle,
};
use crate::{
    Facility, MediaItem, Member, OfficeKeys, OfficeWord, Officer, Policy, RollCallTask, Rota, ScheduleEntry,
    Sealed, Terminal,
};
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
        "/v1/keys": { "get": {
            "summary": "What leads from the content key a terminal knows to the newest one; also with a certificate that ended less than 90 days ago.",
            "parameters": [
                { "name": "known", "in": "query", "required": true, "schema": schema("Digest") },
            ],
            "responses": {
                "200": { "description": "Statements, each signed for the purpose \"content-key\" by the key before; the payload of each is the JSON text of KeyStatement.",
                    "content": { "application/json": { "schema": schema("KeyChain") } }, "x-payload": schema("KeyStatement") },
                "default": problem,
            },
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
        "/v1/blobs/{sha256}": {
            "parameters": [{ "name": "sha256", "in": "path", "required": true, "schema": schema("Digest") }],
            "post": {
                "summary": "Begins the upload (tus 1.0) of a blob that a taken event of this device names; Upload-Length is its length.",
                "responses": { "201": { "description": "Begun, or begun before." }, "default": problem },
            },
            "head": {
                "summary": "How far it came: Upload-Offset counts bytes that outlive a power cut.",
                "responses": { "200": { "description": "Upload-Offset and Upload-Length." }, "default": problem },
            },
            "patch": {
                "summary": "Adds bytes from Upload-Offset. 409: ask for the offset; 460: all came and the hash is another, begin anew.",
                "requestBody": { "required": true, "content": { crate::TUS_PART: { "schema": { "type": "string", "maxLength": crate::BLOB_PART_BYTES_MAX } } } },
                "responses": { "204": { "description": "The new Upload-Offset." }, "default": problem },
            },
            "get": {
                "summary": "Whether the platform has it whole; the terminal keeps it until it has.",
                "responses": { "200": signed(schema("BlobState"), "blob"), "default": problem },
            },
        },
        "/v1/media/{sha256}": { "get": {
            "summary": "A part of a file that this terminal's feed names; a Range of one part is required.",
            "parameters": [
                { "name": "sha256", "in": "path", "required": true, "schema": schema("Digest") },
                { "name": "Range", "in": "header", "required": true, "schema": { "type": "string" } },
            ],
            "responses": {
                "206": { "description": "The part, as Content-Range says; it may be shorter than was asked for.",
                    "content": { "application/octet-stream": { "schema": { "type": "string", "maxLength": crate::MEDIA_PART_BYTES_MAX } } } },
                "416": { "description": "Nothing of what was asked for is in the file." },
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
        "/v1/alarms": { "get": {
            "summary": "What became of the alarms of this terminal; held back while nothing is newer than `since`.",
            "parameters": [
                { "name": "since", "in": "query", "schema": { "type": "integer", "minimum": 0 } },
                { "name": "wait", "in": "query", "schema": { "type": "integer", "minimum": 0, "maximum": crate::WAIT_S_MAX } },
            ],
            "responses": { "200": signed(schema("AlarmAnswers"), "alarms"), "default": problem },
        } },
    });
    macro_rules! add {
        ($($name:ty),+ $(,)?) => { $( generator.subschema_for::<$name>(); )+ };
    }
    add!(
        AlarmAnswers,
        AnswerFigures,
        AppointmentStatus,
        Batch,
        BatchReply,
        BlobState,
        Bundle,
        BundleAnswer,
        CareNotice,
        CatalogueItem,
        Account,
        StatementPage,
        OrderStatus,
        OrderRefused,
        FamilyStatement,
        Collection,
        ComplaintStatus,
        Document,
        PublicNotice,
        DutyAnswered,
        EnrolReply,
        EnrolRequest,
        Event,
        Facility,
        FeedPage,
        KeyChain,
        KeyStatement,
        MediaItem,
        Member,
        OfficeKeys,
        OfficeWord,
        Officer,
        Policy,
        Problem,
        RenewRequest,
        RollCallTask,
        Rota,
        ScheduleEntry,
        Sealed,
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

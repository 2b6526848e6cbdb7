// SPDX-License-Identifier: GPL-3.0-only
//! The desk's pages as they are sent.

use crate::world::World;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

/// An officer of the desk, signed in, without a browser: the pages as they are sent.
pub(super) struct Pages<'a> {
    pub(super) world: &'a World,
    cookies: Vec<(String, String)>,
}

impl<'a> Pages<'a> {
    pub(super) fn signed_in(world: &'a World, name: &str) -> Self {
        let mut pages = Self { world, cookies: Vec::new() };
        let user = world.seeded.desk_users.iter().find(|user| user.name == name).expect("seeded");
        let password = user.password.clone();
        let form = pages.get("/login");
        pages.post("/login", &form, &[("name", name), ("password", &password)]);
        pages
    }

    pub(super) fn get(&mut self, path: &str) -> String {
        self.send("GET", path, "")
    }

    /// Posts with the token of the page it stands on.
    pub(super) fn post(&mut self, path: &str, from: &str, fields: &[(&str, &str)]) -> String {
        let token = from.split("name=\"csrf\" value=\"").nth(1).expect("the page has a form");
        let mut body = format!("csrf={}", token.split('"').next().unwrap());
        for (name, value) in fields {
            let value = value.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
            body += &format!("&{name}={value}");
        }
        self.send("POST", path, &body)
    }

    fn send(&mut self, method: &str, path: &str, body: &str) -> String {
        let address = self.world.platform().desk_addr;
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncookie: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            cookies.join("; "),
            body.len()
        );
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, page) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap();
        assert!(["200", "303"].contains(&status), "{method} {path}: {head} {page}");
        for line in head.lines() {
            let Some(set) = line.strip_prefix("set-cookie: ") else { continue };
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(held, _)| held != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        page.to_owned()
    }
}

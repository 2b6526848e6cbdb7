// SPDX-License-Identifier: GPL-3.0-only

use super::*;
use crate::face_photos::folder;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

fn file(name: &str, content: &[u8], upstream: Option<String>) -> ModelFile {
    let hash = ring::digest::digest(&ring::digest::SHA256, content);
    let hash = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    ModelFile { name: name.to_owned(), sha256: vec![hash], upstream }
}

fn installer(dir: &Path, from: Option<&Path>) -> Installer {
    Installer { dir: dir.to_path_buf(), from: from.map(Path::to_path_buf), client: client().unwrap() }
}

/// A server on loopback that answers `/there` with `content`, `/moved` with where that is, all else with 404.
async fn serve(content: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 4096];
            let length = stream.read(&mut request).await.unwrap();
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            let (head, body): (&str, &[u8]) = match request.split(' ').nth(1) {
                Some("/there") => ("200 OK", content),
                Some("/moved") => ("302 Found\r\nlocation: /there", b""),
                _ => ("404 Not Found", b""),
            };
            let head =
                format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            stream.write_all(head.as_bytes()).await.unwrap();
            stream.write_all(body).await.unwrap();
        }
    });
    address
}

#[tokio::test]
async fn a_published_file_is_fetched_through_a_redirect_checked_and_put_in_place() {
    let dir = tempfile::tempdir().unwrap();
    let address = serve(b"a model").await;
    let installer = installer(dir.path(), None);
    let file = file("x.onnx", b"a model", Some(format!("{address}/moved")));
    let bytes = installer.obtain(&file).await.unwrap();
    installer.put(&file, &bytes).unwrap();
    assert_eq!(std::fs::read(dir.path().join("x.onnx")).unwrap(), b"a model");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing half is left");
}

#[tokio::test]
async fn other_bytes_under_the_address_are_refused_and_nothing_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("x.onnx"), "before").unwrap();
    let address = serve(b"something else").await;
    let installer = installer(dir.path(), None);
    let file = file("x.onnx", b"a model", Some(format!("{address}/there")));
    assert!(matches!(installer.obtain(&file).await, Err(Absence::WrongHash { .. })));
    assert!(matches!(installer.put(&file, b"something else"), Err(Absence::WrongHash { .. })));
    assert_eq!(std::fs::read(dir.path().join("x.onnx")).unwrap(), b"before");
}

#[tokio::test]
async fn a_missing_page_a_missing_file_and_a_file_for_folders_only_are_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let address = serve(b"").await;
    let here = installer(dir.path(), None);
    let gone = file("x.onnx", b"a model", Some(format!("{address}/gone")));
    assert!(matches!(here.obtain(&gone).await, Err(Absence::Fetch { .. })));
    assert!(matches!(here.obtain(&file("x.onnx", b"", None)).await, Err(Absence::FolderOnly { .. })));
    let from = installer(dir.path(), Some(dir.path()));
    assert!(matches!(from.obtain(&gone).await, Err(Absence::NotInFolder { .. })));
}

#[tokio::test]
async fn a_folder_without_the_converted_embedder_gives_it_by_conversion() {
    let Some(models) = folder("KIOSK_MODELS") else { return };
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let manifest = Manifest::shipped();
    let openvino = manifest.embedder.openvino.as_ref().unwrap();
    for file in [&manifest.detector.file, &openvino.network, &openvino.weights] {
        std::fs::copy(models.join(&file.name), from.path().join(&file.name)).unwrap();
    }
    let missing = installer(to.path(), Some(from.path())).install(&manifest).await;
    assert!(!missing);
    let models = face::Models::load(to.path()).unwrap();
    assert!(!models.knows_liveness());
}

#[tokio::test]
async fn an_empty_folder_leaves_the_required_models_missing() {
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assert!(installer(to.path(), Some(from.path())).install(&Manifest::shipped()).await);
}

#[test]
fn our_conversion_embeds_as_the_reference_conversion_does() {
    let (Some(models), Some(photos)) = (folder("KIOSK_MODELS"), folder("KIOSK_PHOTOS")) else { return };
    let manifest = Manifest::shipped();
    let openvino = manifest.embedder.openvino.as_ref().unwrap();
    let network = std::fs::read_to_string(models.join(&openvino.network.name)).unwrap();
    let weights = std::fs::read(models.join(&openvino.weights.name)).unwrap();
    let ours = openvino::to_onnx(&network, &weights, CONVERTED_GRAPH).unwrap();
    manifest.embedder.file.check(&ours).unwrap();

    let dir = tempfile::tempdir().unwrap();
    std::fs::copy(models.join(&manifest.detector.file.name), dir.path().join(&manifest.detector.file.name))
        .unwrap();
    std::fs::write(dir.path().join(&manifest.embedder.file.name), ours).unwrap();
    let mut by_us = face::Models::load(dir.path()).unwrap();
    let mut by_reference = face::Models::load(&models).unwrap();
    let photo = face::photo::read(&photos.join("obama-1.jpg"), 640).unwrap();
    let ours = by_us.acquire(&photo).unwrap().unwrap().embedding;
    let reference = by_reference.acquire(&photo).unwrap().unwrap().embedding;
    assert!(ours.cosine(&reference) >= 0.9999);
}

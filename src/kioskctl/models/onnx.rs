// SPDX-License-Identifier: GPL-3.0-only
//! Writes an ONNX model: the few protobuf messages of a plain feed-forward network, in the order of their fields.
//!
//! The same network always gives the same bytes, so a written model can be pinned by hash. It writes only: no model is
//! read here.

/// ONNX's numbers for what we write.
const IR_VERSION: u64 = 8;
const OPSET_VERSION: u64 = 13;
const FLOAT: u64 = 1;
const ATTRIBUTE_INT: u64 = 2;
const ATTRIBUTE_INTS: u64 = 7;

/// A network under construction.
#[derive(Default)]
pub(crate) struct Graph {
    nodes: Vec<Message>,
    initializers: Vec<Message>,
}

/// A setting of a node.
pub(crate) enum Attribute<'a> {
    Int(&'a str, u64),
    Ints(&'a str, &'a [u64]),
}

/// A value that goes in or comes out, with its shape.
pub(crate) struct Port<'a> {
    pub(crate) name: &'a str,
    pub(crate) shape: &'a [u64],
}

impl Graph {
    pub(crate) fn node(&mut self, kind: &str, inputs: &[String], output: &str, attributes: &[Attribute<'_>]) {
        let mut node = Message::default();
        for input in inputs {
            node.text(1, input);
        }
        node.text(2, output);
        node.text(4, kind);
        for attribute in attributes {
            node.message(5, &attribute.message());
        }
        self.nodes.push(node);
    }

    pub(crate) fn initializer(&mut self, name: &str, shape: &[u64], values: &[f32]) {
        let mut tensor = Message::default();
        for side in shape {
            tensor.number(1, *side);
        }
        tensor.number(2, FLOAT);
        tensor.text(8, name);
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        tensor.bytes(9, &bytes);
        self.initializers.push(tensor);
    }

    /// The finished model.
    pub(crate) fn write(&self, name: &str, input: &Port<'_>, output: &Port<'_>) -> Vec<u8> {
        let mut graph = Message::default();
        for node in &self.nodes {
            graph.message(1, node);
        }
        graph.text(2, name);
        for tensor in &self.initializers {
            graph.message(5, tensor);
        }
        graph.message(11, &input.message());
        graph.message(12, &output.message());
        let mut opset = Message::default();
        opset.text(1, "");
        opset.number(2, OPSET_VERSION);
        let mut model = Message::default();
        model.number(1, IR_VERSION);
        model.message(7, &graph);
        model.message(8, &opset);
        model.0
    }
}

impl Attribute<'_> {
    fn message(&self) -> Message {
        let mut attribute = Message::default();
        match self {
            Attribute::Int(name, value) => {
                attribute.text(1, name);
                attribute.number(3, *value);
                attribute.number(20, ATTRIBUTE_INT);
            }
            Attribute::Ints(name, values) => {
                attribute.text(1, name);
                for value in *values {
                    attribute.number(8, *value);
                }
                attribute.number(20, ATTRIBUTE_INTS);
            }
        }
        attribute
    }
}

impl Port<'_> {
    fn message(&self) -> Message {
        let mut shape = Message::default();
        for side in self.shape {
            let mut dimension = Message::default();
            dimension.number(1, *side);
            shape.message(1, &dimension);
        }
        let mut tensor = Message::default();
        tensor.number(1, FLOAT);
        tensor.message(2, &shape);
        let mut kind = Message::default();
        kind.message(1, &tensor);
        let mut port = Message::default();
        port.text(1, self.name);
        port.message(2, &kind);
        port
    }
}

/// A protobuf message as bytes.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn number(&mut self, field: u64, value: u64) {
        self.varint(field << 3);
        self.varint(value);
    }

    fn bytes(&mut self, field: u64, bytes: &[u8]) {
        const LENGTH_DELIMITED: u64 = 2;
        self.varint(field << 3 | LENGTH_DELIMITED);
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    fn text(&mut self, field: u64, text: &str) {
        self.bytes(field, text.as_bytes());
    }

    fn message(&mut self, field: u64, message: &Message) {
        self.bytes(field, &message.0);
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_lengths_are_written_as_protobuf_says() {
        let mut message = Message::default();
        message.number(1, 150);
        message.text(2, "testing");
        assert_eq!(message.0, [&[0x08, 0x96, 0x01, 0x12, 0x07][..], b"testing"].concat());
    }
}

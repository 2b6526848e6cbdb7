// SPDX-License-Identifier: GPL-3.0-only
//! Turns a published OpenVINO network (structure as XML, weights as 16-bit floats) into ONNX.
//!
//! It knows the layers plain convolutional networks are made of and refuses any other by name, rather than guess.
//! Weights become 32-bit floats exactly; a constant added right after a convolution becomes its bias. Sizes and places
//! are checked against the weights file before they are used.

use std::collections::{HashMap, HashSet};

use roxmltree::{Document, Node};

use super::onnx::{Attribute, Graph, Port};

/// Most numbers in one constant.
const CONSTANT_VALUES_MAX: u64 = 64 * 1024 * 1024;

/// Why a network is not converted.
#[derive(Debug, thiserror::Error)]
pub enum ConvertFault {
    #[error("read the network's XML")]
    Xml(#[from] roxmltree::Error),
    #[error("understand the network: {what}")]
    Broken { what: String },
    #[error("convert a layer of kind {kind}, which is not known")]
    Unknown { kind: String },
}

/// Converts the network `xml` with the weights `bin` to ONNX, its graph named `name`.
///
/// # Errors
/// See [`ConvertFault`].
pub(crate) fn to_onnx(xml: &str, bin: &[u8], name: &str) -> Result<Vec<u8>, ConvertFault> {
    let document = Document::parse(xml)?;
    let net = document.root_element();
    let mut writer = Writer::new(net, bin)?;
    let layers = child(net, "layers")?;
    for layer in layers.children().filter(|node| node.has_tag_name("layer")) {
        writer.layer(layer)?;
    }
    writer.finish(name)
}

struct Writer<'a> {
    bin: &'a [u8],
    /// For each layer, the layers that feed it, by port.
    sources: HashMap<&'a str, Vec<&'a str>>,
    /// For each layer, how many it feeds.
    consumers: HashMap<&'a str, usize>,
    constants: HashMap<&'a str, Constant>,
    /// Names of values that are computed.
    values: HashMap<&'a str, String>,
    /// Convolutions waiting to learn whether a bias follows.
    pending: HashMap<&'a str, Convolution>,
    done: HashSet<&'a str>,
    graph: Graph,
    input: Option<Vec<u64>>,
    output: Option<Vec<u64>>,
}

#[derive(Clone)]
struct Constant {
    shape: Vec<u64>,
    values: Vec<f32>,
}

struct Convolution {
    source: String,
    weights: Constant,
    group: u64,
    dilations: Vec<u64>,
    pads: Vec<u64>,
    strides: Vec<u64>,
}

impl<'a> Writer<'a> {
    fn new(net: Node<'a, 'a>, bin: &'a [u8]) -> Result<Self, ConvertFault> {
        let mut sources: HashMap<&str, Vec<(u64, &str)>> = HashMap::new();
        let mut consumers: HashMap<&str, usize> = HashMap::new();
        for edge in child(net, "edges")?.children().filter(|node| node.has_tag_name("edge")) {
            let (from, to) = (attribute(edge, "from-layer")?, attribute(edge, "to-layer")?);
            sources.entry(to).or_default().push((number(attribute(edge, "to-port")?)?, from));
            *consumers.entry(from).or_default() += 1;
        }
        let sources = sources
            .into_iter()
            .map(|(layer, mut ports)| {
                ports.sort_unstable();
                (layer, ports.into_iter().map(|(_, from)| from).collect())
            })
            .collect();
        Ok(Self {
            bin,
            sources,
            consumers,
            constants: HashMap::new(),
            values: HashMap::new(),
            pending: HashMap::new(),
            done: HashSet::new(),
            graph: Graph::default(),
            input: None,
            output: None,
        })
    }

    fn layer(&mut self, layer: Node<'a, 'a>) -> Result<(), ConvertFault> {
        let id = attribute(layer, "id")?;
        if !self.done.insert(id) {
            return Err(broken(format!("layer {id} stands twice")));
        }
        match attribute(layer, "type")? {
            "Parameter" => {
                self.input = Some(numbers(attribute(child(layer, "data")?, "shape")?)?);
                self.values.insert(id, String::from("input"));
            }
            "Const" => {
                let constant = self.constant(child(layer, "data")?)?;
                self.constants.insert(id, constant);
            }
            "Convert" => {
                let [source] = self.sources_of(id)?;
                let constant = self.constants.get(source).cloned();
                let constant = constant.ok_or_else(|| broken(format!("layer {id} converts no constant")))?;
                self.constants.insert(id, constant);
            }
            "Convolution" => self.convolution(id, layer, false)?,
            "GroupConvolution" => self.convolution(id, layer, true)?,
            "Add" => self.add(id)?,
            "Multiply" => self.binary(id, "Mul")?,
            "PReLU" => self.prelu(id)?,
            "Sigmoid" => {
                let [source] = self.sources_of(id)?;
                let input = self.value(source)?;
                self.emit(id, "Sigmoid", &[input], &[]);
            }
            "AvgPool" => self.average_pool(id, child(layer, "data")?)?,
            "Result" => self.result(id, layer)?,
            kind => return Err(ConvertFault::Unknown { kind: kind.to_owned() }),
        }
        Ok(())
    }

    fn finish(self, name: &str) -> Result<Vec<u8>, ConvertFault> {
        let (Some(input), Some(output)) = (self.input, self.output) else {
            return Err(broken(String::from("it has no input or no result")));
        };
        let input = Port { name: "input", shape: &input };
        Ok(self.graph.write(name, &input, &Port { name: "embedding", shape: &output }))
    }

    fn constant(&self, data: Node<'a, 'a>) -> Result<Constant, ConvertFault> {
        let shape = numbers(attribute(data, "shape")?)?;
        let count = shape.iter().try_fold(1_u64, |product, side| product.checked_mul(*side));
        let count = count.filter(|count| (1..=CONSTANT_VALUES_MAX).contains(count));
        let (Some(count), Ok(offset), Ok(size)) = (
            count,
            usize::try_from(number(attribute(data, "offset")?)?),
            usize::try_from(number(attribute(data, "size")?)?),
        ) else {
            return Err(broken(String::from("a constant has no usable size")));
        };
        let bytes = offset.checked_add(size).and_then(|end| self.bin.get(offset..end));
        let bytes = bytes.ok_or_else(|| broken(String::from("a constant lies outside the weights")))?;
        let values: Vec<f32> = match attribute(data, "element_type")? {
            "f16" => {
                bytes.as_chunks::<2>().0.iter().map(|half| from_half(u16::from_le_bytes(*half))).collect()
            }
            "f32" => bytes.as_chunks::<4>().0.iter().map(|float| f32::from_le_bytes(*float)).collect(),
            other => return Err(broken(format!("a constant has elements of {other}"))),
        };
        if values.len() as u64 != count {
            return Err(broken(String::from("a constant's size differs from its shape")));
        }
        Ok(Constant { shape, values })
    }

    fn convolution(&mut self, id: &'a str, layer: Node<'a, 'a>, grouped: bool) -> Result<(), ConvertFault> {
        let [source, weights] = self.sources_of(id)?;
        let mut weights = self
            .constants
            .get(weights)
            .cloned()
            .ok_or_else(|| broken(format!("convolution {id} has no constant weights")))?;
        let group = match (grouped, weights.shape[..].as_array::<5>()) {
            (true, Some(&[group, outputs, inputs, height, width])) => {
                weights.shape = vec![group * outputs, inputs, height, width];
                group
            }
            (true, None) => return Err(broken(format!("convolution {id} has no groups"))),
            (false, _) => 1,
        };
        if weights.shape.len() != 4 {
            return Err(broken(format!("convolution {id} is not flat")));
        }
        let data = child(layer, "data")?;
        let mut pads = numbers(attribute(data, "pads_begin")?)?;
        pads.extend(numbers(attribute(data, "pads_end")?)?);
        let convolution = Convolution {
            source: self.value(source)?,
            weights,
            group,
            dilations: numbers(attribute(data, "dilations")?)?,
            pads,
            strides: numbers(attribute(data, "strides")?)?,
        };
        if self.consumers.get(id) == Some(&1) {
            self.pending.insert(id, convolution);
        } else {
            self.write_convolution(id, id, &convolution, None);
        }
        Ok(())
    }

    fn add(&mut self, id: &'a str) -> Result<(), ConvertFault> {
        let [one, other] = self.sources_of(id)?;
        let bias = self.constants.get(other).filter(|bias| {
            let outputs = self.pending.get(one).map(|convolution| convolution.weights.shape[0]);
            bias.shape.len() == 4
                && outputs == Some(bias.values.len() as u64)
                && Some(bias.shape[1]) == outputs
        });
        let Some(bias) = bias.cloned() else {
            return self.binary(id, "Add");
        };
        let convolution = self.pending.remove(one);
        let convolution = convolution.ok_or_else(|| broken(format!("layer {id} adds to nothing")))?;
        self.write_convolution(one, id, &convolution, Some((id, &bias)));
        Ok(())
    }

    /// Writes the convolution of layer `id`, its value going by the layer `value` too.
    fn write_convolution(
        &mut self,
        id: &'a str,
        value: &'a str,
        convolution: &Convolution,
        bias: Option<(&str, &Constant)>,
    ) {
        let weights = format!("w{id}");
        self.graph.initializer(&weights, &convolution.weights.shape, &convolution.weights.values);
        let mut inputs = vec![convolution.source.clone(), weights];
        if let Some((layer, bias)) = bias {
            let name = format!("b{layer}");
            self.graph.initializer(&name, &[bias.values.len() as u64], &bias.values);
            inputs.push(name);
        }
        let attributes = [
            Attribute::Ints("dilations", &convolution.dilations),
            Attribute::Int("group", convolution.group),
            Attribute::Ints("kernel_shape", &convolution.weights.shape[2..]),
            Attribute::Ints("pads", &convolution.pads),
            Attribute::Ints("strides", &convolution.strides),
        ];
        let output = format!("n{id}");
        self.graph.node("Conv", &inputs, &output, &attributes);
        self.values.insert(value, output);
    }

    fn binary(&mut self, id: &'a str, kind: &str) -> Result<(), ConvertFault> {
        let sources: [&str; 2] = self.sources_of(id)?;
        let inputs = [self.operand(sources[0])?, self.operand(sources[1])?];
        self.emit(id, kind, &inputs, &[]);
        Ok(())
    }

    fn operand(&mut self, source: &'a str) -> Result<String, ConvertFault> {
        let Some(constant) = self.constants.get(source) else {
            return self.value(source);
        };
        let name = format!("c{source}");
        self.graph.initializer(&name, &constant.shape, &constant.values);
        Ok(name)
    }

    fn prelu(&mut self, id: &'a str) -> Result<(), ConvertFault> {
        let [source, slope] = self.sources_of(id)?;
        let input = self.value(source)?;
        let slope =
            self.constants.get(slope).ok_or_else(|| broken(format!("layer {id} has no constant slope")))?;
        let name = format!("s{id}");
        self.graph.initializer(&name, &[slope.values.len() as u64, 1, 1], &slope.values);
        self.emit(id, "PRelu", &[input, name], &[]);
        Ok(())
    }

    fn average_pool(&mut self, id: &'a str, data: Node<'a, 'a>) -> Result<(), ConvertFault> {
        let mut pads = numbers(attribute(data, "pads_begin")?)?;
        pads.extend(numbers(attribute(data, "pads_end")?)?);
        let floor = attribute(data, "rounding_type")? == "floor";
        if pads.iter().any(|pad| *pad != 0) || !floor {
            return Err(broken(format!("pooling {id} pads or rounds up")));
        }
        let (kernel, strides) = (numbers(attribute(data, "kernel")?)?, numbers(attribute(data, "strides")?)?);
        let [source] = self.sources_of(id)?;
        let input = self.value(source)?;
        let attributes = [Attribute::Ints("kernel_shape", &kernel), Attribute::Ints("strides", &strides)];
        self.emit(id, "AveragePool", &[input], &attributes);
        Ok(())
    }

    fn result(&mut self, id: &'a str, layer: Node<'a, 'a>) -> Result<(), ConvertFault> {
        let [source] = self.sources_of(id)?;
        let input = self.value(source)?;
        let port = child(child(layer, "input")?, "port")?;
        let sides = port.children().filter(|node| node.has_tag_name("dim"));
        let sides: Vec<u64> =
            sides.map(|side| number(side.text().unwrap_or_default())).collect::<Result<_, _>>()?;
        let (first, rest) =
            sides.split_first().ok_or_else(|| broken(String::from("the result has no shape")))?;
        self.output = Some(vec![*first, rest.iter().product()]);
        self.graph.node("Flatten", &[input], "embedding", &[Attribute::Int("axis", 1)]);
        Ok(())
    }

    fn emit(&mut self, id: &'a str, kind: &str, inputs: &[String], attributes: &[Attribute<'_>]) {
        let output = format!("n{id}");
        self.graph.node(kind, inputs, &output, attributes);
        self.values.insert(id, output);
    }

    /// The name of what layer `id` computes, writing a convolution that no bias follows.
    fn value(&mut self, id: &'a str) -> Result<String, ConvertFault> {
        if let Some(convolution) = self.pending.remove(id) {
            self.write_convolution(id, id, &convolution, None);
        }
        self.values
            .get(id)
            .cloned()
            .ok_or_else(|| broken(format!("layer {id} is used before it is computed")))
    }

    fn sources_of<const N: usize>(&self, id: &str) -> Result<[&'a str; N], ConvertFault> {
        let sources = self.sources.get(id).and_then(|sources| sources[..].as_array::<N>());
        sources.copied().ok_or_else(|| broken(format!("layer {id} has not {N} inputs")))
    }
}

/// A 16-bit float as the 32-bit one of the same value.
fn from_half(half: u16) -> f32 {
    let sign = u32::from(half & 0x8000) << 16;
    let exponent = u32::from(half >> 10 & 0x1f);
    let fraction = u32::from(half & 0x3ff);
    match (exponent, fraction) {
        (0, fraction) => {
            let tiny = fraction as f32 / 16_777_216.0;
            if sign == 0 { tiny } else { -tiny }
        }
        (0x1f, fraction) => f32::from_bits(sign | 0x7f80_0000 | fraction << 13),
        (exponent, fraction) => f32::from_bits(sign | (exponent + 112) << 23 | fraction << 13),
    }
}

fn child<'a>(node: Node<'a, 'a>, name: &str) -> Result<Node<'a, 'a>, ConvertFault> {
    let child = node.children().find(|node| node.has_tag_name(name));
    child.ok_or_else(|| broken(format!("{} has no {name}", node.tag_name().name())))
}

fn attribute<'a>(node: Node<'a, 'a>, name: &str) -> Result<&'a str, ConvertFault> {
    node.attribute(name).ok_or_else(|| broken(format!("{} has no {name}", node.tag_name().name())))
}

fn numbers(text: &str) -> Result<Vec<u64>, ConvertFault> {
    text.split(',').map(|part| number(part.trim())).collect()
}

fn number(text: &str) -> Result<u64, ConvertFault> {
    text.parse().map_err(|_| broken(format!("{text:?} is no number")))
}

fn broken(what: String) -> ConvertFault {
    ConvertFault::Broken { what }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_become_floats_exactly() {
        for (half, float) in [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0400, 6.103_515_6e-5),
            (0x0001, 5.960_464_5e-8),
            (0x83ff, -6.097_555e-5),
            (0x3555, 0.333_251_95),
        ] {
            assert_eq!(from_half(half), float, "{half:#06x}");
        }
        assert!(from_half(0x7e00).is_nan());
        assert_eq!(from_half(0xfc00), f32::NEG_INFINITY);
    }

    #[test]
    fn a_layer_it_does_not_know_is_refused_by_name() {
        let xml = r#"<net><layers><layer id="0" type="LSTM"/></layers><edges/></net>"#;
        let fault = to_onnx(xml, &[], "x").unwrap_err();
        assert!(matches!(fault, ConvertFault::Unknown { kind } if kind == "LSTM"));
    }

    #[test]
    fn a_constant_outside_the_weights_is_refused() {
        for data in [
            r#"element_type="f16" shape="2" offset="4" size="4""#,
            r#"element_type="f16" shape="2" offset="18446744073709551615" size="4""#,
            r#"element_type="f16" shape="4294967295, 4294967295, 9" offset="0" size="4""#,
            r#"element_type="f16" shape="3" offset="0" size="4""#,
        ] {
            let xml = format!(
                r#"<net><layers><layer id="0" type="Const"><data {data}/></layer></layers><edges/></net>"#
            );
            assert!(matches!(to_onnx(&xml, &[0; 6], "x"), Err(ConvertFault::Broken { .. })), "{data}");
        }
    }

    #[test]
    fn text_that_is_no_xml_is_refused() {
        assert!(matches!(to_onnx("<net", &[], "x"), Err(ConvertFault::Xml(_))));
    }
}

// SPDX-License-Identifier: GPL-3.0-only
//! The inference engine behind one trait, so that another can be switched in where a board is too slow.
//!
//! A network takes one planar float picture and gives back its outputs by name. The engine never sees a file or a
//! hash: [`crate::models`] hands it bytes that were checked. A model the engine cannot read is an error, no panic.
//! The engine's own working memory is reused and not zeroed; ours around it is.

use std::sync::Arc;

use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool};
use rten_tensor::{AsView as _, NdTensorView};

/// Reads models.
pub trait FaceRuntime {
    /// Reads an ONNX model with one input.
    ///
    /// # Errors
    /// [`RuntimeFault::Read`] when the bytes are no model this engine knows, or have another number of inputs.
    fn read(&self, onnx: Vec<u8>) -> Result<Box<dyn Network>, RuntimeFault>;
}

/// One model, ready to run.
pub trait Network: Send {
    /// Names of the outputs, in the order [`Network::run`] gives them.
    fn outputs(&self) -> &[String];

    /// Runs one picture: `planes` is 3 × `height` × `width` floats, channel after channel.
    ///
    /// # Errors
    /// [`RuntimeFault::Run`] when the model refuses the shape or gives something other than floats.
    fn run(&self, planes: &[f32], width: usize, height: usize) -> Result<Vec<Vec<f32>>, RuntimeFault>;
}

/// Why the engine gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeFault {
    #[error("read the model: {reason}")]
    Read { reason: String },
    #[error("run the model: {reason}")]
    Run { reason: String },
}

/// The engine of choice: pure Rust, small, sooner loaded than the others measured.
pub struct Rten {
    pool: Arc<ThreadPool>,
}

impl Rten {
    /// An engine that uses `threads` threads; one leaves the other core to the window.
    pub fn new(threads: usize) -> Self {
        Self { pool: Arc::new(ThreadPool::with_num_threads(threads.max(1))) }
    }
}

impl FaceRuntime for Rten {
    fn read(&self, onnx: Vec<u8>) -> Result<Box<dyn Network>, RuntimeFault> {
        let refused = |reason: String| RuntimeFault::Read { reason };
        let model = ModelOptions::with_all_ops()
            .prepack_weights(true)
            .load(onnx)
            .map_err(|fault| refused(fault.to_string()))?;
        let &[input] = model.input_ids() else {
            return Err(refused(format!("it has {} inputs", model.input_ids().len())));
        };
        let output_ids = model.output_ids().to_vec();
        let outputs = output_ids
            .iter()
            .map(|&id| model.node_info(id).and_then(|node| node.name().map(String::from)).unwrap_or_default())
            .collect();
        Ok(Box::new(RtenNetwork { model, input, output_ids, outputs, pool: Arc::clone(&self.pool) }))
    }
}

struct RtenNetwork {
    model: Model,
    input: NodeId,
    output_ids: Vec<NodeId>,
    outputs: Vec<String>,
    pool: Arc<ThreadPool>,
}

impl Network for RtenNetwork {
    fn outputs(&self) -> &[String] {
        &self.outputs
    }

    fn run(&self, planes: &[f32], width: usize, height: usize) -> Result<Vec<Vec<f32>>, RuntimeFault> {
        let refused = |reason: String| RuntimeFault::Run { reason };
        if planes.len() != 3 * width * height {
            return Err(refused(format!("{} floats are no picture of {width}x{height}", planes.len())));
        }
        let picture = NdTensorView::<f32, 4>::from_data([1, 3, height, width], planes);
        let mut options = RunOptions::default();
        options.thread_pool = Some(Arc::clone(&self.pool));
        self.model
            .run(vec![(self.input, picture.into())], &self.output_ids, Some(options))
            .map_err(|fault| refused(fault.to_string()))?
            .into_iter()
            .map(|value| {
                let floats = value.into_tensor::<f32>().map(|tensor| tensor.to_vec());
                floats.ok_or_else(|| refused(String::from("it answers with something other than floats")))
            })
            .collect()
    }
}

// SPDX-License-Identifier: GPL-3.0-only
//! Whose turn it is: lanes by priority, and every eighth batch for the lane that waited longest.

use contract::Lane;

/// This often the order turns round, so that no lane starves under a higher one.
const TURN_EVERY: u64 = 8;

/// The lanes of one sender, and when each was served.
#[derive(Debug, Clone)]
pub(crate) struct Turns {
    lanes: Vec<Lane>,
    /// The number of the batch that served a lane last, in the order of `lanes`.
    served: Vec<u64>,
    batches: u64,
}

impl Turns {
    /// For `lanes`, highest first.
    pub(crate) fn new(lanes: &[Lane]) -> Self {
        Self { lanes: lanes.to_vec(), served: vec![0; lanes.len()], batches: 0 }
    }

    /// The lanes to ask for a batch, in this order.
    pub(crate) fn order(&self) -> Vec<Lane> {
        let mut order: Vec<usize> = (0..self.lanes.len()).collect();
        if (self.batches + 1).is_multiple_of(TURN_EVERY) {
            order.sort_by_key(|place| (self.served[*place], std::cmp::Reverse(*place)));
        }
        order.into_iter().map(|place| self.lanes[place]).collect()
    }

    /// A batch of `lane` was sent.
    pub(crate) fn served(&mut self, lane: Lane) {
        self.batches += 1;
        if let Some(place) = self.lanes.iter().position(|own| *own == lane) {
            self.served[place] = self.batches;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Serves `batches` batches from lanes that always have something, and counts.
    fn share(lanes: &[Lane], batches: u32) -> Vec<u32> {
        let mut turns = Turns::new(lanes);
        let mut counts = vec![0; lanes.len()];
        for _ in 0..batches {
            let lane = turns.order()[0];
            turns.served(lane);
            counts[lanes.iter().position(|own| *own == lane).unwrap()] += 1;
        }
        counts
    }

    #[test]
    fn the_highest_lane_goes_first() {
        assert_eq!(Turns::new(&Lane::STORED).order()[0], Lane::Alarm);
    }

    #[test]
    fn every_eighth_batch_goes_to_the_lane_that_waited_longest() {
        assert_eq!(share(&[Lane::RollCall, Lane::Order, Lane::Progress], 800), [700, 50, 50]);
    }

    #[test]
    fn no_lane_waits_longer_than_eight_batches_for_each_lane_beside_it() {
        let lanes = &Lane::STORED[1..];
        let mut turns = Turns::new(lanes);
        let mut last = vec![0_usize; lanes.len()];
        for batch in 1..=1000 {
            let lane = turns.order()[0];
            turns.served(lane);
            last[lanes.iter().position(|own| *own == lane).unwrap()] = batch;
            assert!(last.iter().all(|served| batch - served <= 8 * lanes.len()));
        }
    }
}

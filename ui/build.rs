// SPDX-License-Identifier: GPL-3.0-only
fn main() {
    // Elements are found by name only with it.
    let dev = std::env::var_os("CARGO_FEATURE_DEV").is_some();
    let config =
        slint_build::CompilerConfiguration::new().with_style("fluent-light".into()).with_debug_info(dev);
    slint_build::compile_with_config("main.slint", config).expect("the pages compile");
}

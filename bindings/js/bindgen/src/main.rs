//! `keyward-bindgen MODULE FOLDER`: the JavaScript around a module that was compiled with wasm-bindgen, of the very version the
//! lock file names. In: a module. Out: the module without its private sections, and the code that calls it. A program of its
//! own, because it takes long to compile and chores must start at once.

use std::process::ExitCode;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [module, folder] = words.as_slice() else {
        eprintln!("keyward-bindgen MODULE FOLDER");
        return ExitCode::from(2);
    };
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name("compiler").typescript(true).remove_name_section(true);
    // The page says where the module is; and an instance that has trapped can be thrown away.
    let written = bindgen.web(true).and_then(|bindgen| {
        bindgen
            .omit_default_module_path(true)
            .remove_producers_section(true)
            .reset_state_function(true)
            .generate(folder)
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}

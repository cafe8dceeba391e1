#pragma once

#include <span>
#include <string>
#include <string_view>

/// Where bytes of strangers come in. Each entry hands them to one parser and to what uses its result.
namespace modescope::fuzz {

struct Entry {
    const char* name;  ///< of the fuzz target fuzz_NAME and the folder corpus/NAME
    /// What the Error says that refuses the bytes; empty if they are accepted. Any other exception is a
    /// fault, and so is a std::logic_error for what accepted bytes must fulfil but do not.
    std::string (*take)(std::string_view bytes);
};

/// One source file each.
std::span<const Entry> entries();

std::string answers(std::string_view bytes);      ///< of a quiz, as CSV or JSON
std::string assignment(std::string_view bytes);   ///< lines of --set for a preset that the first byte picks
std::string celeba(std::string_view bytes);       ///< list_eval_partition.txt
std::string checkpoint(std::string_view bytes);   ///< header, a zero byte, data; loaded for sampling
std::string classes(std::string_view bytes);      ///< classes.txt
std::string label_map(std::string_view bytes);    ///< a label map of a folder
std::string lpips(std::string_view bytes);        ///< header, a zero byte, data
std::string mask(std::string_view bytes);         ///< a picture file
std::string model(std::string_view bytes);        ///< JSON of a small spec; trained, saved, loaded, sampled
std::string objective(std::string_view bytes);    ///< for a preset that the first byte picks
std::string pairs(std::string_view bytes);        ///< a picture file with both pictures of a pair
std::string palette(std::string_view bytes);      ///< data.classes
std::string picture(std::string_view bytes);      ///< a condition of the task that the first byte picks
std::string points(std::string_view bytes);       ///< a CSV file of x,y for the toy
std::string recipe(std::string_view bytes);       ///< the text of a noise
std::string run_log(std::string_view bytes);      ///< log.jsonl
std::string safetensors(std::string_view bytes);  ///< a whole file
std::string spec(std::string_view bytes);         ///< JSON

}  // namespace modescope::fuzz

#include "core/base/jpeg_check.h"

// clang-format off: jpeglib.h needs what it does not include
#include <jpeglib.h>

#include <csetjmp>
#include <cstdio>
// clang-format on

namespace modescope {
namespace {

struct Errors {
    jpeg_error_mgr manager{};
    std::jmp_buf failed;
};

/// libjpeg's own ends the program.
[[noreturn]] void give_up(j_common_ptr jpeg) {
    ++jpeg->err->num_warnings;
    std::longjmp(reinterpret_cast<Errors*>(jpeg->err)->failed, 1);
}

/// libjpeg's own writes lines that name no file.
void keep_silent(j_common_ptr) {}

/// At an eighth of the size, where only the coefficients that lead to the next are read in full.
void read_through(jpeg_decompress_struct& jpeg, const std::string& bytes) {
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    jpeg_read_header(&jpeg, TRUE);
    jpeg.scale_denom = 8;
    jpeg_start_decompress(&jpeg);
    const auto row = jpeg.output_width * static_cast<JDIMENSION>(jpeg.output_components);
    auto* line = jpeg.mem->alloc_sarray(reinterpret_cast<j_common_ptr>(&jpeg), JPOOL_IMAGE, row, 1);
    while (jpeg.output_scanline < jpeg.output_height) jpeg_read_scanlines(&jpeg, line, 1);
    jpeg_finish_decompress(&jpeg);
}

}  // namespace

bool decodes_cleanly(const std::string& jpeg) {
    jpeg_decompress_struct reading{};
    Errors errors;
    reading.err = jpeg_std_error(&errors.manager);
    errors.manager.error_exit = give_up;
    errors.manager.output_message = keep_silent;
    if (setjmp(errors.failed) == 0) read_through(reading, jpeg);
    jpeg_destroy_decompress(&reading);
    return errors.manager.num_warnings == 0;
}

}  // namespace modescope

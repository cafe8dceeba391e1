#include "core/base/jpeg_check.h"

// clang-format off: jpeglib.h needs what it does not include
#include <jerror.h>
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

/// Cameras leave some between the markers; more than that is what was left of a hole.
constexpr int most_padding = 64;  // bytes

/// Warnings about what no pixel depends on.
bool is_harmless(const jpeg_error_mgr& error) {
    switch (error.msg_code) {
        case JWRN_ADOBE_XFORM:
        case JWRN_BOGUS_ICC:
        case JWRN_JFIF_MAJOR:
            return true;
        case JWRN_EXTRANEOUS_DATA:
            return error.msg_parm.i[0] <= most_padding;
        default:
            return false;
    }
}

/// Counts warnings, those below 0, and is silent: libjpeg's own writes lines that name no file.
void count_warning(j_common_ptr jpeg, int level) {
    if (level < 0 && !is_harmless(*jpeg->err)) ++jpeg->err->num_warnings;
}

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
    errors.manager.emit_message = count_warning;
    if (setjmp(errors.failed) == 0) read_through(reading, jpeg);
    jpeg_destroy_decompress(&reading);
    return errors.manager.num_warnings == 0;
}

}  // namespace modescope

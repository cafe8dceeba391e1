#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "core/base/image.h"

namespace modescope {

/// Scalars and pictures of a run in the form TensorBoard reads: one record (TFRecord framing) after another,
/// each a protobuf Event. Only ever appended to, so that TensorBoard can follow a training. A resumed run
/// opens a new file beside the old ones. One thread.
class EventFile {
public:
    /// Makes events.out.tfevents.SECONDS.HOST in an existing directory, never replacing one. Throws Error.
    explicit EventFile(const std::string& directory);

    /// A scalar is stored as a 32-bit float. The first write that fails (full disk) throws Error naming the
    /// file; later ones do nothing, so that a training can report it once and go on.
    void add_scalar(const std::string& tag, std::int64_t step, double value);
    void add_image(const std::string& tag, std::int64_t step, const Image& image);
    /// Hands what is buffered to the system; throws as above.
    void flush();

    const std::string& path() const { return path_; }

private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    void add(std::int64_t step, const std::string& summary_value);
    void write_record(const std::string& data);
    void expect(bool written);

    std::string path_;
    std::unique_ptr<std::FILE, Close> file_;  ///< null once writing has failed
};

}  // namespace modescope

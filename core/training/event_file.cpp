#include "core/training/event_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "core/base/error.h"

namespace modescope {
namespace {

/// CRC-32C (Castagnoli), bits reflected.
constexpr std::uint32_t polynomial = 0x82F63B78;

constexpr std::array<std::uint32_t, 256> crc_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        table[byte] = byte;
        for (int bit = 0; bit < 8; ++bit)
            table[byte] = (table[byte] >> 1) ^ (table[byte] & 1 ? polynomial : 0);
    }
    return table;
}

/// As TFRecord stores it: rotated and shifted, so that a checksum of data with checksums stays strong.
std::uint32_t masked_crc(const std::string& data) {
    static constexpr auto table = crc_table();
    std::uint32_t crc = ~0u;
    for (const char c : data) crc = table[(crc ^ static_cast<unsigned char>(c)) & 0xFF] ^ (crc >> 8);
    crc = ~crc;
    return ((crc >> 15) | (crc << 17)) + 0xA282EAD8u;
}

template <class Number>
std::string bytes_of(Number number) {
    return {reinterpret_cast<const char*>(&number), sizeof number};
}

std::string varint(std::uint64_t number) {
    std::string bytes;
    for (; number >= 0x80; number >>= 7) bytes += static_cast<char>(number | 0x80);
    return bytes + static_cast<char>(number);
}

/// Fields of protobuf messages; the key is the field's number and how its value is stored.
enum Wire { varint_wire = 0, wire_64 = 1, length_wire = 2, wire_32 = 5 };

std::string key(int field, Wire wire) { return varint(static_cast<std::uint64_t>(field) << 3 | wire); }

std::string integer(int field, std::int64_t value) {
    return key(field, varint_wire) + varint(static_cast<std::uint64_t>(value));
}
std::string real(int field, double value) { return key(field, wire_64) + bytes_of(value); }
std::string real(int field, float value) { return key(field, wire_32) + bytes_of(value); }
std::string bytes(int field, const std::string& value) {
    return key(field, length_wire) + varint(value.size()) + value;
}

double seconds_now() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string host() {
    char name[256] = "localhost";
    // A name that does not fit may come without its end.
    ::gethostname(name, sizeof name - 1);
    return name;
}

std::string png_of(const Image& image) {
    const cv::Mat rgb(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.data.data()));
    cv::Mat bgr;
    cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
    std::vector<std::uint8_t> png;
    cv::imencode(".png", bgr, png);
    return {png.begin(), png.end()};
}

}  // namespace

EventFile::EventFile(const std::string& directory) {
    const auto file_name =
        fmt::format("events.out.tfevents.{}.{}", static_cast<std::int64_t>(seconds_now()), host());
    const auto name = (std::filesystem::path(directory) / file_name).string();
    // A run that is stopped and resumed within a second gets a name that sorts behind the first.
    path_ = name;
    for (int copy = 1; !file_; ++copy) {
        file_.reset(std::fopen(path_.c_str(), "wbx"));
        if (!file_ && errno != EEXIST)
            throw Error(fmt::format("Cannot write {}: {}.", path_, std::strerror(errno)));
        if (!file_) path_ = fmt::format("{}.{}", name, copy);
    }
    write_record(real(1, seconds_now()) + bytes(3, "brain.Event:2"));
}

void EventFile::add_scalar(const std::string& tag, std::int64_t step, double value) {
    add(step, bytes(1, tag) + real(2, static_cast<float>(value)));
}

void EventFile::add_image(const std::string& tag, std::int64_t step, const Image& image) {
    constexpr int rgb = 3;
    add(step, bytes(1, tag) + bytes(4, integer(1, image.height) + integer(2, image.width) + integer(3, rgb) +
                                           bytes(4, png_of(image))));
}

void EventFile::flush() {
    if (file_) expect(std::fflush(file_.get()) == 0);
}

void EventFile::add(std::int64_t step, const std::string& summary_value) {
    write_record(real(1, seconds_now()) + integer(2, step) + bytes(5, bytes(1, summary_value)));
}

void EventFile::write_record(const std::string& data) {
    if (!file_) return;
    const auto length = bytes_of(static_cast<std::uint64_t>(data.size()));
    const auto record = length + bytes_of(masked_crc(length)) + data + bytes_of(masked_crc(data));
    expect(std::fwrite(record.data(), 1, record.size(), file_.get()) == record.size());
}

void EventFile::expect(bool written) {
    if (written) return;
    const auto reason = errno;
    file_.reset();
    throw Error(fmt::format("Cannot write {}: {}; its charts end here.", path_, std::strerror(reason)));
}

}  // namespace modescope

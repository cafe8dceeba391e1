// Event files, read by a reader of the test's own: framing, checksums, values, and full disks.
#include "core/training/event_file.h"

#include <sys/resource.h>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <csignal>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/base/picture_file.h"
#include "core/base/random.h"
#include "tests/error_of.h"

namespace modescope {

namespace {

/// CRC-32C bit by bit.
std::uint32_t crc32c(const std::string& data) {
    std::uint32_t crc = 0xFFFFFFFF;
    for (const unsigned char byte : data) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
    }
    return crc ^ 0xFFFFFFFF;
}

std::uint32_t masked(std::uint32_t crc) { return ((crc >> 15) | (crc << 17)) + 0xA282EAD8; }

template <class Number>
Number number_at(const std::string& bytes, std::size_t place) {
    Number number;
    std::memcpy(&number, bytes.data() + place, sizeof number);
    return number;
}

struct Records {
    std::vector<std::string> whole;
    bool sound = true;     ///< every checksum is right
    bool complete = true;  ///< the file ends with a record
};

Records read_records(const std::string& path) {
    Records records;
    const auto bytes = read_file(path);
    for (std::size_t at = 0; at < bytes.size();) {
        const auto length = at + 12 <= bytes.size() ? number_at<std::uint64_t>(bytes, at) : bytes.size();
        records.complete = at + 12 <= bytes.size() && length <= bytes.size() - at - 12 &&
                           bytes.size() - at - 12 - length >= 4;
        if (!records.complete) break;
        const auto data = bytes.substr(at + 12, length);
        records.sound = records.sound &&
                        number_at<std::uint32_t>(bytes, at + 8) == masked(crc32c(bytes.substr(at, 8))) &&
                        number_at<std::uint32_t>(bytes, at + 12 + length) == masked(crc32c(data));
        records.whole.push_back(data);
        at += 12 + length + 4;
    }
    return records;
}

/// A protobuf message: fields by number, raw. Throws where the bytes are none.
class Message {
public:
    explicit Message(const std::string& bytes) : bytes_(bytes) {
        while (at_ < bytes_.size()) {
            const auto key = varint();
            fields_[static_cast<int>(key >> 3)] = value(key & 7);
        }
    }

    bool has(int field) const { return fields_.contains(field); }
    std::size_t size() const { return fields_.size(); }
    std::string text(int field) const { return fields_.at(field); }
    Message message(int field) const { return Message(fields_.at(field)); }
    template <class Number>
    Number number(int field) const {
        if (fields_.at(field).size() != sizeof(Number)) throw std::runtime_error("wrong width");
        return number_at<Number>(fields_.at(field), 0);
    }

private:
    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (int shift = 0;; shift += 7) {
            const auto byte = static_cast<unsigned char>(bytes_.at(at_++));
            value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            if (byte < 0x80) return value;
        }
    }

    std::string take(std::size_t count) {
        if (count > bytes_.size() - at_) throw std::runtime_error("a field reaches beyond its message");
        at_ += count;
        return bytes_.substr(at_ - count, count);
    }

    std::string value(std::uint64_t wire) {
        if (wire == 1) return take(8);
        if (wire == 2) return take(varint());
        if (wire == 5) return take(4);
        if (wire != 0) throw std::runtime_error("unknown wire type");
        const auto number = varint();
        return {reinterpret_cast<const char*>(&number), sizeof number};
    }

    std::string bytes_;
    std::size_t at_ = 0;
    std::map<int, std::string> fields_;
};

/// One value of a summary, as event → summary → value.
struct Value {
    double wall_time;
    std::int64_t step;
    Message value;
};

std::vector<Value> read_values(const EventFile& file) {
    std::vector<Value> values;
    const auto records = read_records(file.path());
    for (std::size_t i = 1; i < records.whole.size(); ++i) {
        const Message event(records.whole[i]);
        values.push_back(
            {event.number<double>(1), event.number<std::int64_t>(2), event.message(5).message(1)});
    }
    return values;
}

Image noisy_picture(int width, int height) {
    Image image(width, height, 3);
    Rng rng(4);
    for (auto& value : image.data) value = static_cast<std::uint8_t>(rng.index(256));
    return image;
}

/// No file of this process may grow beyond `bytes` while it lives: a disk that is full.
class SmallDisk {
public:
    explicit SmallDisk(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit small{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
    }
    ~SmallDisk() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, SIG_DFL);
    }

private:
    rlimit before_{};
};

}  // namespace

class EventFileTest : public QObject {
    Q_OBJECT

private:
    const QTemporaryDir folder_;
    std::string directory() const { return folder_.path().toStdString(); }

private slots:
    void the_checksum_of_this_test_is_crc32c() {
        QCOMPARE(crc32c("123456789"), 0xE3069283u);
        QCOMPARE(crc32c(std::string(32, '\0')), 0x8A9136AAu);
    }

    void a_file_says_what_it_is() {
        const auto before = static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000;
        EventFile file(directory());
        file.flush();
        const QFileInfo info(QString::fromStdString(file.path()));
        QCOMPARE(info.path(), folder_.path());
        const auto parts = info.fileName().split('.');
        QVERIFY(info.fileName().startsWith("events.out.tfevents.") && parts.size() >= 5);
        QVERIFY(std::abs(parts[3].toDouble() - before) < 60);
        const auto records = read_records(file.path());
        QVERIFY(records.sound && records.complete);
        QCOMPARE(records.whole.size(), 1u);
        const Message event(records.whole[0]);
        QCOMPARE(event.text(3), std::string("brain.Event:2"));
        QVERIFY(std::abs(event.number<double>(1) - before) < 60);
    }

    void scalars_are_read_back() {
        EventFile file(directory());
        const std::vector<std::tuple<std::string, std::int64_t, double>> scalars{
            {"loss/g", 0, 0.5},           {"loss/μ̃", 1, -1e-30}, {"a", 127, 0.1},   {"a", 128, -0.0},
            {"a", 1LL << 40, INFINITY},   {"", 300, 16777217},   {"a", 301, 1e300}, {"a", -1, 3},
            {std::string(300, 'x'), 2, 1}};
        for (const auto& [tag, step, value] : scalars) file.add_scalar(tag, step, value);
        file.flush();
        QVERIFY(read_records(file.path()).sound && read_records(file.path()).complete);
        const auto read = read_values(file);
        QCOMPARE(read.size(), scalars.size());
        for (std::size_t i = 0; i < read.size(); ++i) {
            const auto& [tag, step, value] = scalars[i];
            QCOMPARE(read[i].value.text(1), tag);
            QCOMPARE(read[i].step, step);
            const auto found = read[i].value.number<float>(2);
            QVERIFY(found == static_cast<float>(value) && std::signbit(found) == std::signbit(value));
            QVERIFY(i == 0 || read[i].wall_time >= read[i - 1].wall_time);
        }
    }

    void not_a_number_stays_so() {
        EventFile file(directory());
        file.add_scalar("loss", 1, NAN);
        file.flush();
        QVERIFY(std::isnan(read_values(file).at(0).value.number<float>(2)));
    }

    void pictures_are_read_back() {
        EventFile file(directory());
        // 300 × 200 noisy pixels are long enough for lengths of three bytes.
        const auto small = noisy_picture(1, 2), large = noisy_picture(300, 200);
        file.add_image("samples", 7, small);
        file.add_scalar("between", 7, 1);
        file.add_image("samples", 8, large);
        file.flush();
        QVERIFY(read_records(file.path()).sound && read_records(file.path()).complete);
        const auto values = read_values(file);
        QCOMPARE(values.size(), 3u);
        for (const auto& [index, picture] : {std::pair{0, &small}, {2, &large}}) {
            const auto image = values[index].value.message(4);
            QCOMPARE(image.number<std::int64_t>(1), picture->height);
            QCOMPARE(image.number<std::int64_t>(2), picture->width);
            QCOMPARE(image.number<std::int64_t>(3), 3);
            const auto png = folder_.filePath("a.png").toStdString();
            write_file(png, image.text(4));
            QVERIFY(image.text(4).starts_with("\x89PNG") && read_image(png) == *picture);
            QVERIFY(!values[index].value.has(2));
        }
    }

    void what_is_written_stays() {
        EventFile file(directory());
        file.add_scalar("a", 1, 1);
        file.flush();
        const auto before = read_file(file.path());
        file.add_scalar("a", 2, 2);
        file.flush();
        const auto after = read_file(file.path());
        QVERIFY(after.size() > before.size() && after.starts_with(before));
    }

    void nothing_is_lost_at_the_end() {
        std::string path;
        {
            EventFile file(directory());
            file.add_scalar("a", 1, 1);
            path = file.path();
        }
        const auto records = read_records(path);
        QVERIFY(records.sound && records.complete);
        QCOMPARE(records.whole.size(), 2u);
    }

    /// All within one second or two, as by a run that is stopped and resumed at once.
    void a_resumed_run_opens_a_new_file() {
        const QTemporaryDir folder;
        std::vector<std::string> paths, contents;
        for (int i = 0; i < 4; ++i) {
            EventFile file(folder.path().toStdString());
            file.add_scalar("a", i, i);
            file.flush();
            paths.push_back(file.path());
            contents.push_back(read_file(file.path()));
        }
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 4);
        QVERIFY(std::ranges::is_sorted(paths));
        for (int i = 0; i < 4; ++i) QVERIFY(read_file(paths[i]) == contents[i]);
    }

    void a_missing_directory_is_named() {
        const auto missing = folder_.filePath("no/such").toStdString();
        const auto error = error_of([&] { EventFile file(missing); });
        QVERIFY2(says(error, missing), error.c_str());
    }

    void a_full_disk_is_reported_once() {
        EventFile file(directory());
        file.add_scalar("a", 1, 1);
        file.flush();
        const auto picture = noisy_picture(60, 60);
        int errors = 0;
        {
            const SmallDisk disk(4000);
            for (int i = 0; i < 5; ++i) {
                const auto error = error_of([&] {
                    file.add_image("b", i, picture);
                    file.flush();
                });
                errors += says(error, file.path());
            }
        }
        QCOMPARE(errors, 1);
        file.add_scalar("c", 9, 9);
        file.flush();
        const auto records = read_records(file.path());
        QVERIFY(records.sound);
        QCOMPARE(records.whole.size(), 2u);
    }
};

std::unique_ptr<QObject> event_file_test() { return std::make_unique<EventFileTest>(); }

}  // namespace modescope

#include "event_file_test.moc"

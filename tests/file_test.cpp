// Files and pictures on disk: all or nothing, and errors that name the path.
#include "core/base/file.h"

#include <sys/stat.h>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <future>
#include <memory>
#include <stdexcept>

#include "core/base/error.h"
#include "core/base/picture_file.h"
#include "core/base/random.h"
#include "tests/error_of.h"

namespace modescope {

namespace {

struct Folder : QTemporaryDir {
    std::string operator/(const char* name) const { return filePath(name).toStdString(); }
    QStringList files() const { return QDir(path()).entryList(QDir::Files | QDir::Hidden); }
};

Image noisy_picture(int width, int height) {
    Image image(width, height, 3);
    Rng rng(4);
    for (auto& value : image.data) value = static_cast<std::uint8_t>(rng.index(256));
    return image;
}

}  // namespace

class FileTest : public QObject {
    Q_OBJECT

private slots:
    void bytes_survive() {
        const Folder folder;
        std::string bytes(100'000, '\0');
        Rng rng(1);
        for (auto& byte : bytes) byte = static_cast<char>(rng.next());
        write_file(folder / "a", bytes);
        QVERIFY(read_file(folder / "a") == bytes);
        write_file(folder / "a", "short");
        QVERIFY(read_file(folder / "a") == "short");
        write_file(folder / "a", "");
        QVERIFY(read_file(folder / "a").empty());
        QCOMPARE(folder.files(), QStringList{"a"});
    }

    void a_write_that_throws_leaves_the_old_file() {
        const Folder folder;
        write_file(folder / "a", "old");
        const auto break_off = [](std::ostream& stream) {
            stream << "half of the ne";
            throw std::runtime_error("power cut");
        };
        QVERIFY_THROWS_EXCEPTION(std::runtime_error, write_file(folder / "a", break_off));
        QVERIFY(read_file(folder / "a") == "old");
        QCOMPARE(folder.files(), QStringList{"a"});
    }

    void a_stream_that_fails_leaves_the_old_file() {
        const Folder folder;
        write_file(folder / "a", "old");
        const auto disk_full = [](std::ostream& stream) { stream.setstate(std::ios::badbit); };
        QVERIFY(says(error_of([&] { write_file(folder / "a", disk_full); }), folder / "a"));
        QVERIFY(read_file(folder / "a") == "old");
        QCOMPARE(folder.files(), QStringList{"a"});
    }

    void a_link_stays_a_link() {
        const Folder folder;
        write_file(folder / "a", "old");
        QVERIFY(QFile::link(folder.filePath("a"), folder.filePath("link")));
        write_file(folder / "link", "new");
        QVERIFY(QFileInfo(folder.filePath("link")).isSymLink());
        QCOMPARE(read_file(folder / "a"), std::string("new"));
    }

    void a_pipe_stays_a_pipe() {
        const Folder folder;
        const auto pipe = folder / "pipe";
        QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
        auto read = std::async(std::launch::async, [&] { return read_file(pipe); });
        write_file(pipe, "through it");
        QCOMPARE(read.get(), std::string("through it"));
        QVERIFY(std::filesystem::is_fifo(pipe));
    }

    void the_old_file_is_whole_until_the_new_one_is() {
        const Folder folder;
        write_file(folder / "a", "old");
        std::string seen;
        write_file(folder / "a", [&](std::ostream& stream) {
            stream << "new" << std::flush;
            seen = read_file(folder / "a");
        });
        QCOMPARE(seen, std::string("old"));
        QCOMPARE(read_file(folder / "a"), std::string("new"));
    }

    void unwritable_paths_are_named() {
        const Folder folder;
        write_file(folder / "file", "");
        for (const auto& path : {folder / "missing/a", folder / "file/a", folder.path().toStdString(),
                                 folder / std::string(300, 'a').c_str()})
            QVERIFY2(says(error_of([&] { write_file(path, "text"); }), path), path.c_str());
        QCOMPARE(folder.files(), QStringList{"file"});
    }

    void unreadable_paths_are_named() {
        const Folder folder;
        write_file(folder / "file", "");
        for (const auto& path : {folder / "missing", folder / "file/a", folder.path().toStdString(),
                                 folder / std::string(300, 'a').c_str(), std::string()})
            QVERIFY2(
                !error_of([&] { read_file(path); }).empty() && says(error_of([&] { read_file(path); }), path),
                path.c_str());
    }

    /// Its first bytes are of no page of memory, which reads like a damaged disk.
    void a_file_that_fails_while_it_is_read_is_named() {
        QVERIFY(says(error_of([] { read_file("/proc/self/mem"); }), "/proc/self/mem"));
    }

    void pictures_survive_png() {
        const Folder folder;
        const auto picture = noisy_picture(13, 7);
        write_image(folder / "a.png", picture);
        QVERIFY(read_image(folder / "a.png") == picture);
    }

    void pictures_of_unknown_suffix_are_refused() {
        const Folder folder;
        for (const auto& path : {folder / "a.txt", folder / "a"})
            QVERIFY2(says(error_of([&] { write_image(path, noisy_picture(2, 2)); }), path), path.c_str());
        QVERIFY(folder.files().isEmpty());
    }

    void files_that_are_no_pictures_are_refused() {
        const Folder folder;
        write_file(folder / "empty.png", "");
        write_file(folder / "text.png", "not a picture");
        for (const auto& path : {folder / "empty.png", folder / "text.png", folder / "missing.png"})
            QVERIFY2(says(error_of([&] { read_image(path); }), path), path.c_str());
    }

    void cut_off_pictures_do_not_crash() {
        const Folder folder;
        write_image(folder / "a.png", noisy_picture(16, 16));
        const auto bytes = read_file(folder / "a.png");
        for (std::size_t length = 0; length < bytes.size(); length += 13) {
            write_file(folder / "cut.png", bytes.substr(0, length));
            const auto error = error_of([&] { read_image(folder / "cut.png"); });
            QVERIFY(error.empty() || says(error, folder / "cut.png"));
        }
    }

    void contact_sheets_place_pictures_row_by_row() {
        const auto sheet =
            contact_sheet({Image(2, 2, 3, 10), Image(2, 2, 3, 20), Image(2, 2, 3, 30)}, 2, 3, 1);
        QCOMPARE(sheet.width, 13);
        QCOMPARE(sheet.height, 13);
        QCOMPARE(int(sheet.at(0, 0)), 10);
        QCOMPARE(int(sheet.at(5, 5)), 10);
        QCOMPARE(int(sheet.at(6, 5)), 255);
        QCOMPARE(int(sheet.at(7, 5)), 20);
        QCOMPARE(int(sheet.at(0, 7)), 30);
        QCOMPARE(int(sheet.at(7, 7)), 255);
        QVERIFY(contact_sheet({}, 2).empty());
    }
};

std::unique_ptr<QObject> file_test() { return std::make_unique<FileTest>(); }

}  // namespace modescope

#include "file_test.moc"

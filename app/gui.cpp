#include "app/gui.h"

#include <fmt/format.h>

#include <QApplication>
#include <QFile>
#include <QSaveFile>
#include <QSettings>

#include "app/labs/paint/paint_lab.h"
#include "app/main_window.h"
#include "app/offscreen.h"
#include "core/base/error.h"
#include "core/sampling/model_library.h"

namespace modescope {
namespace {

/// Qt would abort the program.
void check_display() {
    for (const char* variable : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
        if (!qEnvironmentVariableIsEmpty(variable)) return;
    throw Error(
        "There is no display to open the window on; modescope demo and modescope --help work without one.");
}

void save_png(const QPixmap& picture, const std::string& path) {
    QSaveFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::WriteOnly) || !picture.save(&file, "PNG") || !file.commit())
        throw Error(fmt::format("Cannot write {}: {}.", path, file.errorString().toStdString()));
}

}  // namespace

int open_window(int argc, char** argv, const std::string& drawing) {
    check_display();
    QApplication application(argc, argv);
    name_application();
    apply_theme(application, scheme_named(QSettings().value("window/scheme").toString()));
    MainWindow window;
    window.show_page(QSettings().value("window/page", "toy").toString());
    if (!drawing.empty()) window.open(QString::fromStdString(drawing));
    window.show();
    return QApplication::exec();
}

void take_screenshot(const ScreenshotOptions& options) {
    if (!options.model.empty() && options.lab != "paint")
        throw Error("--model is for --lab paint; leave one of them out.");
    const auto model = options.model.empty() ? "" : find_model(options.model);
    Offscreen screen(options.scale, options.scheme, QString::fromStdString(options.lab));
    screen.window().resize(options.width, options.height);
    screen.window().show();
    if (!model.empty()) screen.window().findChild<PaintLab*>()->open_model(QFile::decodeName(model.c_str()));
    screen.live(options.after);
    save_png(screen.window().grab(), options.path);
}

}  // namespace modescope

#include "app/labs/compare/compare_source.h"

#include <QCoreApplication>
#include <QFileInfo>

#include "core/base/error.h"

namespace modescope {
namespace {

std::string tr(const char* text) { return QCoreApplication::translate("CompareSource", text).toStdString(); }

bool fits(const Condition& x, const Sampler& model) {
    const int size = model.size(), small = size / static_cast<int>(model.spec().data.scale);
    if (model.task() == Task::labels) return x.labels.width == size && x.labels.height == size;
    return x.picture.width == (model.task() == Task::super_resolution ? small : size);
}

Cases cases_of(const PaintDrawing& drawing, const Sampler& model) {
    if (drawing.task != model.task() || drawing.classes != model.classes())
        throw Error(
            tr("The drawing in the Paint Studio is for other models: choose one of these models there, "
               "and come back."));
    Case input{.name = tr("drawing"), .x = drawing.condition};
    if (model.task() == Task::labels) input.x.labels = resized(input.x.labels, model.size());
    if (!fits(input.x, model))
        throw Error(tr("The drawing in the Paint Studio has another size than these models take."));
    return single_case(model, std::move(input));
}

Cases cases_of_folder(const std::string& path, const Sampler& model) {
    if (model.spec().data.source != "folder") return file_cases(model, {path});
    auto data = model.spec().data;
    data.folder = path;
    try {
        return folder_cases(data, static_cast<std::uint64_t>(model.spec().training.seed));
    } catch (const Error&) {  // of another layout; its pictures may still do
        return file_cases(model, {path});
    }
}

}  // namespace

InputSource drawing_input(const PaintDrawing& drawing) {
    return {InputSource::Kind::drawing, [drawing](const Sampler& model) { return cases_of(drawing, model); }};
}

InputSource file_inputs(const QStringList& paths) {
    std::vector<std::string> files;
    for (const QString& path : paths) files.push_back(path.toStdString());
    return {InputSource::Kind::files, [files](const Sampler& model) { return file_cases(model, files); },
            paths};
}

InputSource folder_inputs(const QString& path) {
    return {InputSource::Kind::folder,
            [folder = path.toStdString()](const Sampler& model) { return cases_of_folder(folder, model); },
            {path}};
}

InputSource dropped_inputs(const QStringList& paths) {
    return paths.size() == 1 && QFileInfo(paths.front()).isDir() ? folder_inputs(paths.front())
                                                                 : file_inputs(paths);
}

}  // namespace modescope

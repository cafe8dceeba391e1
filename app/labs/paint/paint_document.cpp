#include "app/labs/paint/paint_document.h"

#include <QAction>
#include <QBoxLayout>
#include <QClipboard>
#include <QFileInfo>
#include <QGuiApplication>
#include <QImageReader>
#include <QLocale>
#include <QMenu>
#include <QMimeData>
#include <QSettings>
#include <QUndoStack>
#include <QUrl>
#include <algorithm>
#include <utility>

#include "app/labs/file_dialog.h"
#include "app/labs/paint/paint_lab.h"
#include "app/labs/paint/picture_folder.h"
#include "core/base/error.h"
#include "widgets/message_strip.h"
#include "widgets/theme.h"

namespace modescope {
namespace {

constexpr char recent_key[] = "paint/recent_documents", last_key[] = "paint/document";
constexpr int most_recent = 10;

/// The first that can be opened.
QString path_in(const QMimeData& data) {
    for (const QUrl& url : data.urls()) {
        const QString path = url.toLocalFile();
        if (!path.isEmpty() &&
            (QFileInfo(path).suffix() == drawing_suffix || is_picture(path) || QFileInfo(path).isDir()))
            return path;
    }
    return {};
}

QString when(const QDateTime& time) {
    const QLocale locale;
    const bool today = time.date() == QDate::currentDate();
    return today ? locale.toString(time.time(), QLocale::ShortFormat)
                 : locale.toString(time, QLocale::ShortFormat);
}

}  // namespace

PaintDocument::PaintDocument(PaintLab& lab, const QString& folder)
    : lab_(lab),
      autosave_(folder, hashes_),
      strip_(new MessageStrip(&lab)),
      menu_(new QMenu(&lab)),
      recent_(new QMenu(tr("Recent drawings"), menu_)) {
    thread_.setMaxThreadCount(1);
    strip_->setObjectName("document_strip");
    static_cast<QBoxLayout*>(lab.layout())->insertWidget(0, strip_);
    build_menu();
    connect(&lab_, &PaintLab::drawing_shown, this, &PaintDocument::shown);
    connect(&lab_, &PaintLab::drawing_refused, this, &PaintDocument::refused);
    connect(&lab_, &PaintLab::drawing_abandoned, this, &PaintDocument::abandoned);
    connect(&lab_, &PaintLab::drawing_gives_way, this, &PaintDocument::give_way);
    connect(&lab_, &PaintLab::drawing_replaced, this, &PaintDocument::keep_replaced);
    connect(&lab_, &PaintLab::models_changed, this, &PaintDocument::autosave);
    connect(&lab_, &PaintLab::noise_kept, this, [this] { set_noise_unsaved(true); });
    connect(&lab_, &PaintLab::noise_changed, this, &PaintDocument::autosave);
    connect(lab_.undo_stack(), &QUndoStack::indexChanged, this, &PaintDocument::autosave);
    connect(lab_.undo_stack(), &QUndoStack::cleanChanged, this, &PaintDocument::autosave);
    connect(lab_.undo_stack(), &QUndoStack::cleanChanged, this, &PaintDocument::title_changed);
    connect(&autosave_, &PaintAutosave::failed, this, &PaintDocument::tell);
    connect(&autosave_, &PaintAutosave::stored, this, &PaintDocument::autosaved);
}

/// What was asked for is written first; only then it is known what is left for the next start.
PaintDocument::~PaintDocument() {
    thread_.waitForDone();
    if (saving_ > 0 && written_ == saving_ && !changed()) autosave_.clear();
}

// --- Commands ---

QAction* PaintDocument::add_action(const char* id, const QString& icon_name, const QString& text,
                                   const QString& help, const QKeySequence& key, std::function<void()> run) {
    auto* action = new QAction(text, &lab_);
    if (!icon_name.isEmpty()) action->setIcon(icon(icon_name));
    action->setObjectName(QLatin1String(id));
    action->setToolTip(help);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(action, &QAction::triggered, this, std::move(run));
    lab_.addAction(action);
    menu_->addAction(action);
    return action;
}

void PaintDocument::build_menu() {
    menu_->setToolTipsVisible(true);
    add_action("new_drawing", "plus", tr("New"),
               tr("Begin with another layout; the drawing of now can come back."), QKeySequence("Ctrl+N"),
               [this] { new_drawing(); });
    add_action("open_drawing", "folder", tr("Open…"),
               tr("Open a drawing with its noise and models, or a picture."), QKeySequence("Ctrl+O"),
               [this] { ask_to_open(); });
    menu_->addMenu(recent_);
    connect(recent_, &QMenu::aboutToShow, this, &PaintDocument::list_recent);
    menu_->addSeparator();
    add_action("save_drawing", "save", tr("Save"), tr("Keep drawing, seeds, pins and models in one file."),
               QKeySequence("Ctrl+S"), [this] { save(); });
    add_action("save_drawing_as", {}, tr("Save as…"), tr("Keep it under another name."),
               QKeySequence("Ctrl+Shift+S"), [this] { ask_where_to_save(); });
    menu_->addSeparator();
    add_action("copy_tiles", "copy", tr("Copy the tiles"),
               tr("Put the drawing and its tiles on the clipboard as one picture."), QKeySequence("Ctrl+C"),
               [this] { copy_tiles(); });
    add_action("paste_picture", {}, tr("Paste"), tr("Take the picture on the clipboard for the canvas."),
               QKeySequence("Ctrl+V"), [this] { paste(); });
}

void PaintDocument::list_recent() {
    recent_->clear();
    for (const QString& path : QSettings().value(recent_key).toStringList())
        recent_->addAction(QFileInfo(path).completeBaseName(), this, [this, path] { open(path); })
            ->setToolTip(path);
    if (recent_->isEmpty()) recent_->addAction(tr("None yet"))->setEnabled(false);
}

void PaintDocument::remember(const QString& path) {
    QSettings settings;
    QStringList recent = settings.value(recent_key).toStringList();
    recent.removeAll(path);
    recent.prepend(path);
    settings.setValue(recent_key, recent.mid(0, most_recent));
}

void PaintDocument::forget(const QString& path) {
    QSettings settings;
    QStringList recent = settings.value(recent_key).toStringList();
    if (!QFileInfo::exists(path) && recent.removeAll(path) > 0) settings.setValue(recent_key, recent);
}

void PaintDocument::set_path(const QString& path) {
    path_ = path;
    QSettings().setValue(last_key, path);
    if (!path.isEmpty()) remember(path);
    emit title_changed();
}

QString PaintDocument::name() const {
    return path_.isEmpty() ? tr("Untitled") : QFileInfo(path_).completeBaseName();
}

bool PaintDocument::changed() const { return noise_unsaved_ || !lab_.undo_stack()->isClean(); }

void PaintDocument::set_noise_unsaved(bool unsaved) {
    noise_unsaved_ = unsaved;
    emit title_changed();
}

void PaintDocument::new_drawing() {
    keep_previous();
    noise_unsaved_ = false;
    lab_.new_drawing();
    set_path({});
    tell({});
    autosave();
}

void PaintDocument::open(const QString& path) {
    const QString absolute = QFileInfo(path).absoluteFilePath();
    if (QFileInfo(absolute).isDir()) return lab_.open_folder(absolute);
    is_picture(path) ? open_picture(absolute) : open_drawing(absolute);
}

/// The page counts as saved at once, so that strokes made meanwhile do not. Its autosave stays until the file
/// is there.
void PaintDocument::save(const QString& path) {
    if (path.isEmpty() && path_.isEmpty()) return ask_where_to_save();
    const QString before = path_;
    ++saving_;
    set_path(path.isEmpty() ? path_ : path);
    const bool noise_unsaved = std::exchange(noise_unsaved_, false);
    lab_.undo_stack()->setClean();
    emit title_changed();
    do_later([this, before, path = path_, noise_unsaved,
              drawing = lab_.drawing()]() mutable -> std::function<void()> {
        try {
            hashes_.fill(drawing);
            write_drawing(path, drawing);
            ++written_;
            return [this, path] { saved_to(path); };
        } catch (const Error& error) {
            return [this, before, path, noise_unsaved, sentence = QString::fromUtf8(error.what())] {
                --saving_;
                forget(path);
                if (path_ == path) set_path(before);
                if (noise_unsaved) set_noise_unsaved(true);
                lab_.undo_stack()->resetClean();
                tell_problem(sentence, tr("Save as…"), [this] { ask_where_to_save(); });
            };
        }
    });
}

void PaintDocument::saved_to(const QString& path) {
    --saving_;
    --written_;
    autosave();
    if (problem_shown_) tell({});
    emit saved(path);
}

// --- Dialogs and the clipboard ---

/// Beside the drawing's file, where it has one.
void PaintDocument::open_beside(QFileDialog* dialog) const {
    if (!path_.isEmpty()) dialog->setDirectory(QFileInfo(path_).path());
    dialog->open();
}

void PaintDocument::ask_to_open() {
    auto* ask = make_open_dialog(
        &lab_, tr("Open drawing"),
        tr("Drawings and pictures (*.modescope *.png *.jpg *.jpeg *.bmp *.webp);;All files (*)"));
    connect(ask, &QFileDialog::fileSelected, this, &PaintDocument::open);
    open_beside(ask);
}

void PaintDocument::ask_where_to_save() {
    auto* ask = make_save_dialog(&lab_, tr("Save drawing"), tr("Drawings (*.modescope)"),
                                 name() + '.' + drawing_suffix);
    connect(ask, &QFileDialog::fileSelected, this, &PaintDocument::save);
    open_beside(ask);
}

void PaintDocument::copy_tiles() {
    do_later([draw = lab_.sheet()]() -> std::function<void()> {
        return [sheet = draw()] {
            if (!sheet.isNull()) QGuiApplication::clipboard()->setImage(sheet);
        };
    });
}

void PaintDocument::paste() {
    const QMimeData* data = QGuiApplication::clipboard()->mimeData();
    if (data && takes(*data))
        take(*data);
    else
        tell(tr("There is no picture on the clipboard."));
}

bool PaintDocument::takes(const QMimeData& data) { return data.hasImage() || !path_in(data).isEmpty(); }

void PaintDocument::take(const QMimeData& data) {
    if (const QString path = path_in(data); !path.isEmpty()) return open(path);
    lab_.take_picture(qvariant_cast<QImage>(data.imageData()), tr("The clipboard's picture"));
}

// --- Opening ---

/// `job` runs on the thread; what it returns runs here.
void PaintDocument::do_later(std::function<std::function<void()>()> job) {
    thread_.start(
        [this, job = std::move(job)] { QMetaObject::invokeMethod(this, job(), Qt::QueuedConnection); });
}

void PaintDocument::open_drawing(const QString& path) {
    do_later([this, path]() -> std::function<void()> {
        try {
            Opened opened{.drawing = read_drawing(path), .path = path, .left = {}, .told = {}};
            opened.told = find_models(opened.drawing, QFileInfo(path).path(), path, hashes_);
            return [this, opened] { show_opened(opened); };
        } catch (const Error& error) {
            return [this, sentence = QString::fromUtf8(error.what())] {
                tell_problem(sentence, tr("Open another…"), [this] { ask_to_open(); });
            };
        }
    });
}

void PaintDocument::open_left(QString path) {
    autosave_.withdraw(path);
    do_later([this, path]() -> std::function<void()> {
        try {
            Opened opened{
                .drawing = read_drawing(path), .path = {}, .left = path, .told = {}, .unsaved = true};
            opened.path = opened.drawing.file;
            opened.told =
                find_models(opened.drawing, QFileInfo(opened.path).path(), tr("The drawing"), hashes_);
            return [this, opened] { show_opened(opened); };
        } catch (const Error& error) {
            return [this, path, sentence = QString::fromUtf8(error.what())] {
                tell_problem(sentence, tr("Discard"), [this, path] { forget_left(path); });
            };
        }
    });
}

void PaintDocument::open_picture(const QString& path) {
    do_later([this, path]() -> std::function<void()> {
        QImageReader reader(path);
        reader.setAutoTransform(true);
        const QImage picture = reader.read();
        const QString problem = picture.isNull() ? reader.errorString() : QString();
        return [this, path, picture, problem] {
            const QString name = QFileInfo(path).fileName();
            if (problem.isEmpty()) return lab_.take_file(path, picture);
            tell_problem(tr("%1 cannot be used here: %2").arg(name, problem), tr("Open another…"),
                         [this] { ask_to_open(); });
        };
    });
}

void PaintDocument::show_opened(const Opened& opened) {
    opening_ = opened;
    lab_.show_drawing(opened.drawing);
}

void PaintDocument::shown() {
    if (!opening_) return;
    const Opened opened = *std::exchange(opening_, std::nullopt);
    noise_unsaved_ = false;
    set_path(opened.path);
    if (opened.unsaved) lab_.undo_stack()->resetClean();
    tell(opened.told);
    if (!opened.left.isEmpty()) autosave_.supersede(opened.left);
    autosave();
}

void PaintDocument::refused(const QString& sentence) {
    give_back();
    tell_problem(sentence, tr("Open another…"), [this] { ask_to_open(); });
    if (!previous_.empty()) strip_->add_choice(tr("Bring back the drawing"), [this] { bring_back(); });
}

/// The model chosen is for other drawings; what it shows is none of the file's. When a drawing is opened, the
/// one before is kept as replaced.
void PaintDocument::give_way() {
    if (!opening_ && path_.isEmpty() && !changed()) return;  // nothing of a person's
    if (!opening_) keep_previous();
    noise_unsaved_ = false;
    set_path({});
    if (!opening_) tell({});
}

/// Another model was chosen before the opened drawing's was there.
void PaintDocument::abandoned() {
    give_back();
    tell({});
}

void PaintDocument::keep_previous() {
    if (!changed()) return;
    PaintDrawing drawing = lab_.drawing();
    drawing.file = path_;
    const QString file = autosave_.keep(drawing);
    previous_.push_back({.drawing = std::move(drawing),
                         .path = path_,
                         .left = file,
                         .told = {},
                         .unsaved = true,
                         .gave_way = true});
}

/// Not before: strokes that are made while the opened one's model loads belong to it.
void PaintDocument::keep_replaced() {
    if (opening_ && !std::exchange(opening_->page_kept, true)) keep_previous();
}

/// One that did not come onto the page can still be brought back.
void PaintDocument::give_back() {
    if (opening_ && opening_->gave_way) {
        opening_->page_kept = false;
        previous_.push_back(*opening_);
    }
    opening_.reset();
}

void PaintDocument::bring_back() {
    if (previous_.empty()) return;
    const Opened opened = std::move(previous_.back());
    previous_.pop_back();
    show_opened(opened);
}

// --- Words ---

/// Together with the way back to a drawing that gave way. With nothing to tell there may still be an offer.
void PaintDocument::tell(const QString& sentence) {
    problem_shown_ = false;
    if (previous_.empty() && sentence.isEmpty()) {
        strip_->hide();
        return offer_left();
    }
    if (previous_.empty()) return strip_->show_message(MessageStrip::Severity::Info, sentence);
    strip_->show_message(MessageStrip::Severity::Info,
                         tr("The drawing before was not saved.") + ' ' + sentence, tr("Bring it back"),
                         [this] { bring_back(); });
}

void PaintDocument::tell_problem(const QString& sentence, const QString& action, std::function<void()> run) {
    problem_shown_ = true;
    strip_->show_message(MessageStrip::Severity::Error, sentence, action, std::move(run));
}

// --- What comes back ---

void PaintDocument::restore_session() {
    const auto& left = autosave_.left();
    const auto closed = std::ranges::find(left, PaintAutosave::Left::closed, &PaintAutosave::Left::why);
    const QString last = QSettings().value(last_key).toString();
    if (closed != left.end())
        open_left(closed->path);
    else if (QFileInfo::exists(last))
        open_drawing(last);
    offer_left();
}

/// One after the other, the newest first; also the drawings of several windows that were closed unsaved.
void PaintDocument::offer_left() {
    if (autosave_.left().empty()) return;
    const auto left = autosave_.left().front();
    const QString sentence = left.why == PaintAutosave::Left::crashed
                                 ? tr("Modescope ended unexpectedly. Restore the drawing of %1?")
                                 : tr("Another drawing was not saved. Restore the drawing of %1?");
    strip_->show_message(MessageStrip::Severity::Info, sentence.arg(when(left.time)), tr("Restore"),
                         [this, path = left.path] { open_left(path); });
    strip_->add_choice(tr("Discard"), [this, path = left.path] { forget_left(path); });
}

void PaintDocument::forget_left(const QString& path) {
    autosave_.discard(path);
    if (!strip_->isVisible()) offer_left();
}

void PaintDocument::autosave() {
    if (!changed()) return saving_ == 0 ? autosave_.clear() : void();
    PaintDrawing drawing = lab_.drawing();
    drawing.file = path_;
    autosave_.store(drawing);
}

}  // namespace modescope

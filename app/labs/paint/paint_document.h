#pragma once

#include <QObject>
#include <QThreadPool>
#include <atomic>
#include <functional>
#include <optional>
#include <vector>

#include "app/labs/paint/paint_autosave.h"
#include "app/labs/paint/paint_document_file.h"

class QAction;
class QFileDialog;
class QMenu;
class QMimeData;

namespace modescope {

class MessageStrip;
class PaintLab;

/// The drawing of a Paint Studio as a file: new, open, save, recent files, the clipboard, and the autosave
/// that brings it back after a crash or the end of the program. Files are read and written on a thread; what
/// happens is told in a strip above the page, and nothing asks before it goes on: a drawing that gives way
/// unsaved can be brought back.
class PaintDocument : public QObject {
    Q_OBJECT
public:
    /// Must end before `lab`, whose page gets the actions; it then waits for what is being written. `folder`
    /// keeps the autosaves.
    explicit PaintDocument(PaintLab& lab, const QString& folder = PaintAutosave::usual_folder());
    ~PaintDocument() override;

    /// Of the drawing, for the window: "crossing", "Untitled".
    QString name() const;
    bool changed() const;
    /// Its commands, for a button of the window.
    QMenu* menu() const { return menu_; }

    void new_drawing();
    /// A drawing's file, a picture for the canvas, or a folder of pictures, of which it takes the first.
    void open(const QString& path);
    /// An empty path means the drawing's own file, or asks for one.
    void save(const QString& path = {});
    /// Files and pictures that can be opened; false for others.
    static bool takes(const QMimeData& data);
    void take(const QMimeData& data);
    /// What the last program left: its unsaved drawing comes back, one after a crash is offered. Once.
    void restore_session();

signals:
    void title_changed();             ///< name() or changed()
    void saved(const QString& path);  ///< what save() was asked for is on disk
    void autosaved();

private:
    /// A drawing on its way onto the page.
    struct Opened {
        PaintDrawing drawing;
        QString path;  ///< the document that it is; empty: a new one
        QString left;  ///< the file that keeps it while it is unsaved; empty: none
        QString told;  ///< a sentence about it
        bool unsaved = false;
        bool gave_way = false;   ///< it was on the page before
        bool page_kept = false;  ///< what it takes the place of
    };

    QAction* add_action(const char* id, const QString& icon, const QString& text, const QString& help,
                        const QKeySequence& key, std::function<void()> run);
    void build_menu();
    void list_recent();
    void remember(const QString& path);
    void forget(const QString& path);  ///< if it is no file
    void set_path(const QString& path);
    void open_beside(QFileDialog* dialog) const;
    void ask_to_open();
    void ask_where_to_save();
    void copy_tiles();
    void paste();

    void do_later(std::function<std::function<void()>()> job);
    void saved_to(const QString& path);
    void open_drawing(const QString& path);
    void open_left(QString path);  ///< a copy: what is left changes
    void open_picture(const QString& path);
    void show_opened(const Opened& opened);
    void set_noise_unsaved(bool unsaved);
    void give_way();
    void abandoned();
    void shown();
    void refused(const QString& sentence);
    void keep_previous();
    void keep_replaced();
    void give_back();
    void bring_back();
    void tell(const QString& sentence);
    void tell_problem(const QString& sentence, const QString& action, std::function<void()> run);
    void offer_left();
    void forget_left(const QString& path);
    void autosave();

    PaintLab& lab_;
    ModelHashes hashes_;
    PaintAutosave autosave_;
    MessageStrip* strip_;
    QMenu *menu_, *recent_;
    QString path_;                   ///< empty: never saved
    std::optional<Opened> opening_;  ///< until the page shows or refuses it
    std::vector<Opened> previous_;   ///< gave way unsaved, the last one last
    int saving_ = 0;                 ///< files that are being written
    std::atomic<int> written_ = 0;   ///< of them, those that are on disk
    bool problem_shown_ = false;
    bool noise_unsaved_ = false;  ///< pins and noises that a person chose; the undo stack knows none
    QThreadPool thread_;          ///< of one thread; waits for it when it goes, hence the last member
};

}  // namespace modescope

#pragma once

#include <QHash>
#include <memory>
#include <vector>

#include "app/labs/compare/compare_drawing.h"
#include "app/labs/compare/compare_source.h"
#include "app/labs/compare/measure_job.h"
#include "app/labs/lab.h"

class QSettings;
class QSplitter;

namespace modescope {

class CompareFigures;
class CompareInput;
class ComparePair;
class ComparePictures;
class CompareRows;
class CompareToolbar;
class MessageStrip;

/// The Compare page: the same inputs and the same noise through any number of models, seen side by side and
/// measured against the truth.
class CompareLab : public Lab {
    Q_OBJECT
public:
    /// Models load when the page is first shown. What a person chose last time comes back.
    explicit CompareLab(QWidget* parent = nullptr);
    ~CompareLab() override;

    /// Adds a model file as a row; one that cannot be compared with the others is told in the strip.
    void open_model(const QString& path);
    /// Compares on the Paint Studio's drawing.
    void show_drawing(const PaintDrawing& drawing);
    /// Compares on other inputs; what cannot be used is told in the strip, and the inputs stay.
    void use_inputs(const InputSource& source);
    /// The figures as far as they are measured, as .html, .csv or .json; told in the strip when it is done,
    /// with the offer to write them again when the rest is measured.
    void write_report(const QString& path);

    void reset_layout() override;

signals:
    void drawing_requested();  ///< answer with show_drawing()

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void build_page();
    void connect_pictures();
    void connect_jobs();
    void restore();
    void save() const;
    void save_rows(QSettings& settings) const;

    void list_families();
    void choose_family(const QString& name);
    bool take_up_rows();
    void begin_with(const QStringList& paths);
    void forget_cases();
    void open_next();
    void fill_add_menu();
    void take_model(const QString& path, const Contestant& contestant);
    void offer_alone(const QString& path, const Contestant& contestant);
    void refuse_model(const QString& path, const QString& sentence);
    void compare_alone(const Contestant& contestant);
    void use_cases(const std::shared_ptr<const Cases>& cases);
    void begin_inputs();
    void ask_for_source(InputSource::Kind kind);

    void change_rows();
    void refresh();
    void measure();
    void start_measuring();
    void stop_measuring();
    void show_measured(const Measured& measured);
    void forget_measured();
    void tell_written(const QString& path);
    void write_again(const QString& path);
    void choose_lpips(const QString& path);
    void show_status();

    void ask_for_model();
    void ask_for_lpips();
    void ask_for_inputs(bool folder);
    void ask_where_to_write(const QString& suffix);

    CompareDrawing drawing_;
    MeasureJob job_;
    MessageStrip* strip_;
    CompareToolbar* toolbar_;
    CompareRows* rows_;
    CompareInput* input_;
    ComparePictures* pictures_;
    ComparePair* pair_;
    CompareFigures* figures_;
    QSplitter *halves_, *upper_, *lower_;

    QHash<QString, QStringList> families_;  ///< paths of models that share a preset, by its name
    QStringList awaited_;                   ///< paths to load
    QString opening_;                       ///< the one that is loading; empty: none
    InputSource source_, wanted_;           ///< of cases_; the last one that was asked for
    std::shared_ptr<const Cases> cases_;
    Measured measured_;
    QString lpips_;         ///< the weights' file; empty: none
    quint64 stamp_ = 0;     ///< of the newest request
    bool stopped_ = false;  ///< measuring, by a person
    QString again_;         ///< where to write the report when all is measured; empty: nowhere
    int reported_ = 0;      ///< inputs in the report that is being written
    DrawingTime time_;
};

}  // namespace modescope

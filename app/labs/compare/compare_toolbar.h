#pragma once

#include <QWidget>

class QComboBox;
class QHBoxLayout;
class QSettings;
class QSpinBox;

namespace modescope {

class CompareRows;

/// The Compare page's top row: which models, how many samples of which noise, and the report.
class CompareToolbar : public QWidget {
    Q_OBJECT
public:
    explicit CompareToolbar(QWidget* parent = nullptr);

    CompareRows* rows() const { return rows_; }
    /// Families of models: those of one preset. Silent; shows the one that was shown last, if it is there.
    void set_families(const QStringList& names, const QString& last);
    QString family() const;
    int columns() const;
    int noise() const;

    void restore(const QSettings& settings);
    void save(QSettings& settings) const;

signals:
    void family_chosen(const QString& name);
    void changed();  ///< columns or noise
    void open_model_requested();
    void report_requested(const QString& suffix);  ///< "html", "csv" or "json"

private:
    QSpinBox* make_number(const char* id, const QString& prefix, const QString& name, const QString& help,
                          int least, int most);
    void add_new_noise(QHBoxLayout* row);
    void add_report(QHBoxLayout* row);

    QComboBox* family_;
    CompareRows* rows_;
    QSpinBox *columns_, *noise_;
};

}  // namespace modescope

#pragma once

#include <QImage>
#include <QRectF>

namespace modescope {

/// A photo and the square of it that a model sees: the frame. The frame always lies inside the photo.
/// Places and ways are in frames: (0, 0) is its top left, (1, 1) its bottom right.
class PhotoFrame {
public:
    PhotoFrame() = default;
    /// The largest centred square. A photo larger than any model needs is reduced first.
    explicit PhotoFrame(const QImage& photo);

    bool empty() const { return photo_.isNull(); }
    /// About the memory that it keeps; nothing if it shares the photo with `other`.
    qsizetype bytes_beside(const PhotoFrame& other) const {
        return photo_.cacheKey() == other.photo_.cacheKey() ? 0 : photo_.sizeInBytes();
    }

    void move(QPointF by);  ///< of the photo under the frame
    void scale(double factor, QPointF around);
    void turn(int quarters);  ///< clockwise
    /// What lies in the frame, side × side pixels, Format_RGB32.
    QImage render(int side) const;

    bool operator==(const PhotoFrame&) const = default;

private:
    void keep_inside();

    QImage photo_;   ///< turned already
    QRectF square_;  ///< photo pixels
};

}  // namespace modescope

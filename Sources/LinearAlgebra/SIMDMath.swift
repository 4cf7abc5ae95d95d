// Sixteen lanes at a time, with the idioms that stay fast without -march: no pointwiseMin/Max, no
// addingProduct, no rounded(); those fall back to one call per lane.

@inline(__always)
func load(_ p: UnsafePointer<Float>) -> SIMD16<Float> {
    UnsafeRawPointer(p).loadUnaligned(as: SIMD16<Float>.self)
}

@inline(__always)
func store(_ value: SIMD16<Float>, _ p: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(p).storeBytes(of: value, as: SIMD16<Float>.self)
}

/// The first `count` (below 16) floats; the other lanes are 0.
@inline(__always)
func load(_ p: UnsafePointer<Float>, count: Int) -> SIMD16<Float> {
    var result = SIMD16<Float>.zero
    for i in 0..<count { result[i] = p[i] }
    return result
}

@inline(__always)
func store(_ value: SIMD16<Float>, _ p: UnsafeMutablePointer<Float>, count: Int) {
    for i in 0..<count { p[i] = value[i] }
}

/// The sum of the lanes, halves first.
@inline(__always)
func sum(_ v: SIMD16<Float>) -> Float {
    let a = v.lowHalf + v.highHalf
    let b = a.lowHalf + a.highHalf
    let c = b.lowHalf + b.highHalf
    return c[0] + c[1]
}

/// The greatest lane.
@inline(__always)
func maximum(_ v: SIMD16<Float>) -> Float {
    let a = v.lowHalf.replacing(with: v.highHalf, where: v.highHalf .> v.lowHalf)
    let b = a.lowHalf.replacing(with: a.highHalf, where: a.highHalf .> a.lowHalf)
    let c = b.lowHalf.replacing(with: b.highHalf, where: b.highHalf .> b.lowHalf)
    return c[1] > c[0] ? c[1] : c[0]
}

/// e to the power x, with x held to [-87, 88]; relative error below 2e-7.
///
/// - Source: Moshier, Cephes `expf`. Rounds by adding and taking away 1.5 × 2²³.
@inline(__always)
func exponential(_ x: SIMD16<Float>) -> SIMD16<Float> {
    typealias V = SIMD16<Float>
    let low = V(repeating: -87)
    let high = V(repeating: 88)
    var y = x.replacing(with: low, where: x .< low)
    y = y.replacing(with: high, where: y .> high)
    let magic = V(repeating: 12_582_912)
    let shifted = y * V(repeating: 1.442_695_04) + magic
    let power = shifted - magic
    let r = y - power * V(repeating: 0.693_359_375) - power * V(repeating: -2.121_944_4e-4)
    var p = V(repeating: 1.987_569_1e-4)
    p = p * r + V(repeating: 1.398_199_9e-3)
    p = p * r + V(repeating: 8.333_452e-3)
    p = p * r + V(repeating: 4.166_579_6e-2)
    p = p * r + V(repeating: 1.666_666_5e-1)
    p = p * r + V(repeating: 5.000_000_1e-1)
    let value = p * (r * r) + r + V(repeating: 1)
    let bits = unsafeBitCast(shifted, to: SIMD16<Int32>.self)
    let exponent = (bits &+ SIMD16<Int32>(repeating: 127 - 0x4B40_0000)) &<< 23
    return value * unsafeBitCast(exponent, to: V.self)
}

/// The error function; absolute error below 5e-7.
///
/// - Source: the rational approximation in Eigen's `generic_fast_erf_float`.
@inline(__always)
func errorFunction(_ x: SIMD16<Float>) -> SIMD16<Float> {
    typealias V = SIMD16<Float>
    let bound = V(repeating: 4)
    var y = x.replacing(with: bound, where: x .> bound)
    y = y.replacing(with: -bound, where: y .< -bound)
    let s = y * y
    var p = V(repeating: -2.726_142_3e-10)
    p = p * s + V(repeating: 2.770_681_4e-8)
    p = p * s + V(repeating: -2.101_024e-6)
    p = p * s + V(repeating: -5.692_506_5e-5)
    p = p * s + V(repeating: -7.349_906_3e-4)
    p = p * s + V(repeating: -2.954_599_8e-3)
    p = p * s + V(repeating: -1.609_603_3e-2)
    var q = V(repeating: -1.456_607_2e-5)
    q = q * s + V(repeating: -2.133_740_6e-4)
    q = q * s + V(repeating: -1.682_827e-3)
    q = q * s + V(repeating: -7.373_329_2e-3)
    q = q * s + V(repeating: -1.426_473_9e-2)
    return y * p / q
}

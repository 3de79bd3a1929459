/// Why nothing, or not everything, came back: what happened; what is safe; what to type next.
package enum TransportError: Error, Equatable {
    /// No connection: no network, no such host, nobody listening.
    case unreachable(reason: String)
    /// Connected, and then nothing moved for so long.
    case stalled(seconds: Int)
    /// The connection broke before the reply was whole. What came before it was handed over.
    case interrupted(reason: String)
    /// The other side cannot prove that it is the hub.
    case certificate(Distrust)
    /// The reply is larger than what was asked for can be.
    case tooLarge(limit: Int)
    /// No request can go to this address.
    case badAddress(String, reason: String)
}

extension TransportError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreachable(let reason):
            "the hub cannot be reached (\(reason)); your verdicts are saved on this machine; "
                + "when you are online: `countersign sync`"
        case .stalled(let seconds):
            "nothing came from the hub for \(seconds) s; your verdicts and what "
                + "had arrived are saved on this machine; to go on: `countersign sync`"
        case .interrupted(let reason):
            "the connection to the hub broke (\(reason)); your verdicts and what had arrived are "
                + "saved on this machine; to go on: `countersign sync`"
        case .certificate(let distrust):
            "the hub could not prove who it is (\(distrust)); nothing was sent, and your verdicts "
                + "are saved on this machine; \(distrust.hint)"
        case .tooLarge(let limit):
            "the reply was larger than \(limit) bytes and was cut off; your verdicts are saved on "
                + "this machine; to find out why: `countersign doctor`"
        case .badAddress(let text, let reason):
            "\(text.debugDescription) cannot be a hub's address (\(reason)); nothing was sent; "
                + "with the right one: `countersign enrol URL --token-file FILE`"
        }
    }
}

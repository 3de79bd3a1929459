package import Hummingbird
import NIOCore

/// What a route knows of a request beside the request itself: where it came from.
package struct HubContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Of the other side, without a port; a proxy's own for all that it lets through.
    let address: String

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        address = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }
}

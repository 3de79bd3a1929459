import Foundation
import NIOSSL
import Review

/// How a server proves who it is: with its own authority's certificate, or with another.
package struct Encryption: Sendable {
    let configuration: TLSConfiguration
    /// What tokens tell nodes to pin; nil where the system's trust store must do.
    let authority: Digest?

    /// A certificate chain and its key from PEM files, such as a public authority gives.
    package init(certificateFile: String, keyFile: String) throws {
        let certificate = try Self.read(certificateFile)
        try self.init(
            certificate: certificate,
            key: try Self.read(keyFile),
            authority: nil,
            files: "\(certificateFile) and \(keyFile)"
        )
    }

    /// The hub's own, for every name of this machine and for `names`; made where it is missing.
    package init(of office: HubOffice, names: [HostName]) throws {
        let pem = try office.serverCertificate(for: names)
        try self.init(
            certificate: pem,
            key: pem,
            authority: try office.authority?.fingerprint,
            files: office.folder.file(ServerCertificate.fileName)
        )
    }

    private init(certificate: [UInt8], key: [UInt8], authority: Digest?, files: String) throws {
        do {
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMBytes(certificate).map {
                    .certificate($0)
                },
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: key, format: .pem))
            )
            configuration.minimumTLSVersion = .tlsv12
            _ = try NIOSSLContext(configuration: configuration)  // Refuses a key of another one.
            self.configuration = configuration
        } catch {
            throw HubFailure(
                "badCertificate",
                "\(files) hold no certificate with its key (\(error)); nothing was started",
                hint: "name PEM files: the certificate, then what vouches for it; and the key",
                kind: .badInput
            )
        }
        self.authority = authority
    }

    private static func read(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw HubFailure(
                "noFile",
                "\(path) cannot be read; nothing was started",
                hint: "name a PEM file that is there and that this user may read",
                kind: .notFound
            )
        }
        return [UInt8](data)
    }
}

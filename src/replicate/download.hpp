#pragma once

#include <string>

#include "rellama/download.hpp"
#include "replicate/api.hpp"

namespace rellama::replicate {

/// Downloads one file; see Client::download.
void download(Api& api, const std::string& url, FileSink& sink, const DownloadOptions& options,
              const StopToken& stop);

}  // namespace rellama::replicate

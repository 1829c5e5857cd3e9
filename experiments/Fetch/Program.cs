using L2T.Dsl.Experiments;

return FetchCommandLine.Run(args);

// Live tensors, libtorch's threads and its random generator belong to the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
